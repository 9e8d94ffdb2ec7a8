#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include <cstdlib>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "crypto/ecdsa_signature.hpp"
#include "crypto/public_key.hpp"
#include "crypto/ready_key.hpp"

namespace claviger::crypto {

struct PrivateKey::Body {
  Pkey key;
  PublicKey half;
  std::uint64_t serial;

  Body(Pkey k, PublicKey p, std::uint64_t number)
      : key(std::move(k)), half(std::move(p)), serial(number) {}
};

namespace {

constexpr std::size_t kRsaBits = 2048;
constexpr std::size_t kPointBytes = 32;
constexpr std::size_t kEdBytes = 64;

bool fits(const EVP_PKEY* key, Alg alg) {
  switch (alg) {
    case Alg::ES256: {
      char group[32] = {};
      std::size_t length = 0;
      return EVP_PKEY_is_a(key, "EC") == 1 &&
             EVP_PKEY_get_group_name(key, group, sizeof group, &length) == 1 &&
             std::string_view(group, length) == "prime256v1";
    }
    case Alg::RS256:
    case Alg::PS256:
      return EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= static_cast<int>(kRsaBits);
    case Alg::EdDSA:
      return EVP_PKEY_is_a(key, "ED25519") == 1;
  }
  return false;
}

Bytes number_param(const EVP_PKEY* key, const char* name, std::size_t width) {
  BIGNUM* raw = nullptr;
  must(EVP_PKEY_get_bn_param(key, name, &raw) == 1, name);
  const BigNumber number(raw);
  const auto size = width ? width : static_cast<std::size_t>(BN_num_bytes(raw));
  Bytes out(size);
  must(BN_bn2binpad(raw, out.data(), static_cast<int>(size)) == static_cast<int>(size), name);
  return out;
}

PublicParts public_parts(const EVP_PKEY* key, Alg alg) {
  if (alg == Alg::ES256) {
    return {alg, number_param(key, OSSL_PKEY_PARAM_EC_PUB_X, kPointBytes),
            number_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, kPointBytes)};
  }
  if (alg == Alg::EdDSA) {
    Bytes point(kPointBytes);
    std::size_t length = point.size();
    must(EVP_PKEY_get_raw_public_key(key, point.data(), &length) == 1, "Ed25519");
    return {alg, std::move(point), {}};
  }
  return {alg, number_param(key, OSSL_PKEY_PARAM_RSA_N, 0),
          number_param(key, OSSL_PKEY_PARAM_RSA_E, 0)};
}

// The public half is imported like a stranger's: it holds no private number that could leak from
// it.
std::optional<PublicKey> public_half(const EVP_PKEY* key, Alg alg) {
  return PublicKey::from_jwk(required_members(public_parts(key, alg)), alg);
}

Pkey generate_pkey(Alg alg) {
  switch (alg) {
    case Alg::ES256:
      return Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    case Alg::RS256:
    case Alg::PS256:
      return Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", kRsaBits));
    case Alg::EdDSA:
      return Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  }
  return nullptr;
}

Bytes sign_message(ReadyKey& ready, std::string_view data) {
  must(EVP_MD_CTX_copy_ex(ready.scratch.get(), ready.over_message.get()) == 1,
       "EVP_MD_CTX_copy_ex");
  const auto message = as_bytes(data);
  Bytes out(kEdBytes);
  std::size_t length = out.size();
  must(EVP_DigestSign(ready.scratch.get(), out.data(), &length, message.data(), message.size()) ==
               1 &&
           length == out.size(),
       "Ed25519");
  return out;
}

}  // namespace

PrivateKey PrivateKey::generate(Alg alg) {
  auto key = generate_pkey(alg);
  must(key != nullptr, "key generation");
  auto half = public_half(key.get(), alg);
  if (!half) std::abort();
  return PrivateKey(std::make_shared<const Body>(std::move(key), std::move(*half), next_serial()));
}

std::optional<PrivateKey> PrivateKey::from_pkcs8(const Secret& der, Alg alg) {
  const auto bytes = as_bytes(der.reveal());
  const auto* in = bytes.data();
  const Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &in, static_cast<long>(bytes.size())));
  Pkey key;
  if (info && in == bytes.data() + bytes.size()) key.reset(EVP_PKCS82PKEY(info.get()));
  if (!key || !fits(key.get(), alg)) {
    ERR_clear_error();
    return {};
  }
  auto half = public_half(key.get(), alg);
  if (!half) return {};
  return PrivateKey(std::make_shared<const Body>(std::move(key), std::move(*half), next_serial()));
}

Secret PrivateKey::pkcs8() const {
  const auto info = owned<Pkcs8>(EVP_PKEY2PKCS8(body_->key.get()), "EVP_PKEY2PKCS8");
  std::uint8_t* der = nullptr;
  const int length = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  must(length > 0, "i2d_PKCS8_PRIV_KEY_INFO");
  const auto size = static_cast<std::size_t>(length);
  Secret out(as_text(ByteView(der, size)));
  OPENSSL_clear_free(der, size);
  return out;
}

Alg PrivateKey::alg() const { return body_->half.alg(); }
const std::string& PrivateKey::kid() const { return body_->half.kid(); }
PublicKey PrivateKey::public_key() const { return body_->half; }

Bytes PrivateKey::sign(std::string_view data) const {
  auto& ready = ready_key(Operation::sign, body_->serial, body_, body_->key.get(), alg());
  if (alg() == Alg::EdDSA) return sign_message(ready, data);
  const auto digest = sha256(data);
  std::size_t length = static_cast<std::size_t>(EVP_PKEY_get_size(body_->key.get()));
  Bytes out(length);
  must(EVP_PKEY_sign(ready.over_digest.get(), out.data(), &length, digest.data(), digest.size()) ==
           1,
       "EVP_PKEY_sign");
  out.resize(length);
  return alg() == Alg::ES256 ? ecdsa_raw_from_der(out) : out;
}

}  // namespace claviger::crypto
