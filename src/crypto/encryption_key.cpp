#include "crypto/encryption_key.hpp"

#include <openssl/core_names.h>

#include <algorithm>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "crypto/encryption_body.hpp"
#include "crypto/import_key.hpp"
#include "crypto/jwk.hpp"

namespace claviger::crypto {
namespace {

constexpr std::size_t kMaxKidBytes = 256;

struct RsaPart {
  const char* member;
  const char* param;
};
constexpr std::array kRsaPrivate{
    RsaPart{"d", OSSL_PKEY_PARAM_RSA_D},          RsaPart{"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
    RsaPart{"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    RsaPart{"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
    RsaPart{"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, RsaPart{"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}};

bool is_meant(const boost::json::object& jwk, bool rsa, bool encrypting) {
  if (jwk.contains("use") && json_text(jwk, "use") != "enc") return false;
  const auto* ops = jwk.if_contains("key_ops");
  if (!ops) return true;
  const auto* list = ops->if_array();
  if (!list) return false;
  // The public half of an agreement has nothing to do by itself: browsers export it with an empty
  // list.
  if (list->empty()) return !rsa && encrypting;
  return std::ranges::any_of(*list, [&](const boost::json::value& op) {
    if (!op.is_string()) return false;
    if (!rsa) return op.get_string() == "deriveKey" || op.get_string() == "deriveBits";
    return op.get_string() == (encrypting ? "encrypt" : "decrypt") ||
           op.get_string() == (encrypting ? "wrapKey" : "unwrapKey");
  });
}

Pkey read_private_rsa(const boost::json::object& jwk) {
  const auto numbers = read_rsa_numbers(jwk);
  if (!numbers || jwk.contains("oth")) return nullptr;
  const auto n = number_of(numbers->n);
  const auto e = number_of(numbers->e);
  const auto build = owned<ParamBuild>(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new");
  must(OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
           OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1,
       "OSSL_PARAM_BLD_push_BN");
  std::vector<SecretNumber> parts;  // kept until the parameters are built
  for (const auto& [member, param] : kRsaPrivate) {
    const Wiped bytes(read_number(jwk, member).value_or(Bytes()));
    if (bytes.size() == 0) return nullptr;
    parts.push_back(secret_number_of(bytes.view()));
    must(OSSL_PARAM_BLD_push_BN(build.get(), param, parts.back().get()) == 1,
         "OSSL_PARAM_BLD_push_BN");
  }
  return checked_pair(import_pkey("RSA", EVP_PKEY_KEYPAIR, build.get()));
}

Pkey read_key(const boost::json::object& jwk, std::optional<Curve> curve, bool encrypting) {
  if (curve) return encrypting ? read_point(*curve, jwk) : read_private_point(*curve, jwk);
  if (!encrypting) return read_private_rsa(jwk);
  const auto numbers = read_rsa_numbers(jwk);
  return numbers ? import_rsa(numbers->n, numbers->e) : nullptr;
}

std::optional<JweKey> read_jwe_key(const boost::json::object& jwk, bool encrypting) {
  JweKey out;
  const bool rsa = json_text(jwk, "kty") == "RSA";
  out.curve = rsa ? std::nullopt : curve_of(jwk);
  if ((!rsa && !out.curve) || !is_meant(jwk, rsa, encrypting)) return {};
  if (jwk.contains("alg")) {
    out.only = parse_key_alg(json_text(jwk, "alg").value_or(""));
    if (!out.only || !out.fits(*out.only)) return {};
  }
  out.says_enc = out.only || jwk.contains("use");
  if (jwk.contains("kid")) {
    const auto kid = json_text(jwk, "kid");
    if (!kid || kid->empty() || kid->size() > kMaxKidBytes) return {};
    out.kid = *kid;
  }
  out.key = read_key(jwk, out.curve, encrypting);
  if (!out.key) return {};
  return out;
}

}  // namespace

std::string_view to_string(KeyAlg alg) {
  switch (alg) {
    case KeyAlg::rsa_oaep_256:
      return "RSA-OAEP-256";
    case KeyAlg::ecdh_es:
      return "ECDH-ES";
    case KeyAlg::ecdh_es_a128kw:
      return "ECDH-ES+A128KW";
    case KeyAlg::ecdh_es_a192kw:
      return "ECDH-ES+A192KW";
    case KeyAlg::ecdh_es_a256kw:
      return "ECDH-ES+A256KW";
  }
  return "";
}

std::string_view to_string(ContentEnc enc) {
  switch (enc) {
    case ContentEnc::a128gcm:
      return "A128GCM";
    case ContentEnc::a256gcm:
      return "A256GCM";
    case ContentEnc::a128cbc_hs256:
      return "A128CBC-HS256";
    case ContentEnc::a256cbc_hs512:
      return "A256CBC-HS512";
  }
  return "";
}

std::optional<KeyAlg> parse_key_alg(std::string_view word) {
  for (const auto alg : kAllKeyAlgs) {
    if (word == to_string(alg)) return alg;
  }
  return {};
}

std::optional<ContentEnc> parse_content_enc(std::string_view word) {
  for (const auto enc : kAllContentEncs) {
    if (word == to_string(enc)) return enc;
  }
  return {};
}

bool JweKey::fits(KeyAlg alg) const {
  if (only && *only != alg) return false;
  return curve.has_value() == (alg != KeyAlg::rsa_oaep_256);
}

std::optional<EncryptionKey> EncryptionKey::from_jwk(const boost::json::object& jwk) {
  if (has_private_member(jwk)) return {};
  auto key = read_jwe_key(jwk, true);
  if (!key) return {};
  return EncryptionKey(std::make_shared<const Body>(std::move(*key)));
}

const std::string& EncryptionKey::kid() const { return body_->kid; }
bool EncryptionKey::fits(KeyAlg alg) const { return body_->fits(alg); }
bool EncryptionKey::says_enc() const { return body_->says_enc; }

std::optional<DecryptionKey> DecryptionKey::from_jwk(const boost::json::object& jwk) {
  auto key = read_jwe_key(jwk, false);
  if (!key) return {};
  return DecryptionKey(std::make_shared<const Body>(std::move(*key)));
}

bool DecryptionKey::fits(KeyAlg alg) const { return body_->fits(alg); }

}  // namespace claviger::crypto
