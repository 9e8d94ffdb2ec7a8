// Somebody to encrypt to, for each type of key; made anew in every run.
#pragma once
#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64url.hpp"
#include "crypto/agreement.hpp"
#include "crypto/encryption_key.hpp"
#include "crypto/openssl.hpp"

namespace claviger::crypto::test {

inline std::string number_of_key(const EVP_PKEY* key, const char* name, std::size_t width = 0) {
  BIGNUM* raw = nullptr;
  must(EVP_PKEY_get_bn_param(key, name, &raw) == 1, name);
  const BigNumber number(raw);
  Bytes out(width ? width : static_cast<std::size_t>(BN_num_bytes(raw)));
  must(BN_bn2binpad(raw, out.data(), static_cast<int>(out.size())) > 0, name);
  return base64url_encode(out);
}

inline boost::json::object private_rsa(std::size_t bits = 2048) {
  const Pkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits));
  boost::json::object out{{"kty", "RSA"}};
  for (const auto& [member, param] :
       {std::pair{"n", OSSL_PKEY_PARAM_RSA_N}, std::pair{"e", OSSL_PKEY_PARAM_RSA_E},
        std::pair{"d", OSSL_PKEY_PARAM_RSA_D}, std::pair{"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
        std::pair{"q", OSSL_PKEY_PARAM_RSA_FACTOR2}, std::pair{"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
        std::pair{"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
        std::pair{"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}}) {
    out[member] = number_of_key(key.get(), param);
  }
  return out;
}

inline boost::json::object private_point(Curve curve) {
  const auto key = generate_point(curve);
  auto out = write_point(curve, key.get());
  if (curve == Curve::x25519) {
    Bytes d(32);
    std::size_t length = d.size();
    must(EVP_PKEY_get_raw_private_key(key.get(), d.data(), &length) == 1, "X25519");
    out["d"] = base64url_encode(d);
  } else {
    const auto width = curve == Curve::p256 ? 32u : curve == Curve::p384 ? 48u : 66u;
    out["d"] = number_of_key(key.get(), OSSL_PKEY_PARAM_PRIV_KEY, width);
  }
  return out;
}

class Recipient {
 public:
  Recipient(std::string who, boost::json::object jwk)
      : name(std::move(who)), jwk_(with_kid(std::move(jwk), name)) {}
  const boost::json::object& private_jwk() const { return jwk_; }
  boost::json::object public_jwk() const {
    auto out = jwk_;
    for (const auto* part : {"d", "p", "q", "dp", "dq", "qi"}) out.erase(part);
    return out;
  }
  const EncryptionKey& key() const { return key_; }
  const DecryptionKey& own() const { return own_; }

  std::string name;

 private:
  static boost::json::object with_kid(boost::json::object jwk, const std::string& kid) {
    jwk["kid"] = kid;
    return jwk;
  }

  boost::json::object jwk_;
  EncryptionKey key_ = *EncryptionKey::from_jwk(public_jwk());
  DecryptionKey own_ = *DecryptionKey::from_jwk(jwk_);
};

inline Recipient another_like(const Recipient& other) {
  const auto curve = curve_of(other.private_jwk());
  return {other.name, curve ? private_point(*curve) : private_rsa()};
}

// RSA, P-256, P-384, P-521, X25519.
inline const std::vector<Recipient>& recipients() {
  static const std::vector<Recipient> all{{"rsa", private_rsa()},
                                          {"p256", private_point(Curve::p256)},
                                          {"p384", private_point(Curve::p384)},
                                          {"p521", private_point(Curve::p521)},
                                          {"x25519", private_point(Curve::x25519)}};
  return all;
}

inline std::vector<std::string> parts_of(std::string_view compact) {
  std::vector<std::string> out(1);
  for (const auto c : compact) {
    if (c == '.') {
      out.emplace_back();
    } else {
      out.back().push_back(c);
    }
  }
  return out;
}

inline std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : ".") + part;
  return out;
}

}  // namespace claviger::crypto::test
