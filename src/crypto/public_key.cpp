#include "crypto/public_key.hpp"

#include <sodium.h>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "crypto/digest.hpp"
#include "crypto/ecdsa_signature.hpp"
#include "crypto/import_key.hpp"
#include "crypto/ready_key.hpp"

namespace claviger::crypto {
namespace {

constexpr std::size_t kMaxKidBytes = 256;

// OpenSSL takes any 32 bytes. A point of small order would verify one signature for every message.
Pkey import_ed25519(const PublicParts& parts) {
  if (crypto_core_ed25519_is_valid_point(parts.first.data()) != 1) return nullptr;
  return Pkey(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, parts.first.data(),
                                             parts.first.size()));
}

Pkey import_parts(const PublicParts& parts) {
  switch (parts.alg) {
    case Alg::ES256:
      return import_point("P-256", parts.first, parts.second);
    case Alg::RS256:
    case Alg::PS256:
      return import_rsa(parts.first, parts.second);
    case Alg::EdDSA:
      return import_ed25519(parts);
  }
  return nullptr;
}

bool verify_message(ReadyKey& ready, std::string_view data, ByteView signature) {
  must(EVP_MD_CTX_copy_ex(ready.scratch.get(), ready.over_message.get()) == 1,
       "EVP_MD_CTX_copy_ex");
  const auto message = as_bytes(data);
  return EVP_DigestVerify(ready.scratch.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

}  // namespace

std::string_view to_string(Alg alg) {
  switch (alg) {
    case Alg::ES256:
      return "ES256";
    case Alg::RS256:
      return "RS256";
    case Alg::PS256:
      return "PS256";
    case Alg::EdDSA:
      return "EdDSA";
  }
  return "";
}

std::optional<Alg> parse_alg(std::string_view word) {
  for (const auto alg : {Alg::ES256, Alg::RS256, Alg::PS256, Alg::EdDSA}) {
    if (word == to_string(alg)) return alg;
  }
  return {};
}

std::optional<Alg> parse_alg_of_others(std::string_view word) {
  return word == "Ed25519" ? Alg::EdDSA : parse_alg(word);
}

std::optional<PublicKey> PublicKey::from_jwk(const boost::json::object& jwk,
                                             std::optional<Alg> registered) {
  auto parts = read_public_jwk(jwk, registered);
  if (!parts) return {};
  auto key = import_parts(*parts);
  if (!key) {
    ERR_clear_error();
    return {};
  }
  auto thumbprint = base64url_encode(sha256(boost::json::serialize(required_members(*parts))));
  std::string kid = thumbprint;
  if (jwk.contains("kid")) {
    const auto given = json_text(jwk, "kid");
    if (!given || given->empty() || given->size() > kMaxKidBytes) return {};
    kid = *given;
  }
  return PublicKey(std::make_shared<const Body>(std::move(key), std::move(*parts), std::move(kid),
                                                std::move(thumbprint), next_serial()));
}

Alg PublicKey::alg() const { return body_->parts.alg; }
const std::string& PublicKey::kid() const { return body_->kid; }
std::string PublicKey::thumbprint() const { return body_->thumbprint; }

boost::json::object PublicKey::jwk() const {
  auto out = required_members(body_->parts);
  out["kid"] = body_->kid;
  out["alg"] = to_string(alg());
  out["use"] = "sig";
  return out;
}

bool PublicKey::verify(std::string_view data, ByteView signature) const {
  const auto alg = body_->parts.alg;
  const auto der = alg == Alg::ES256 ? ecdsa_der_from_raw(signature) : Bytes();
  if (!der) return false;
  auto& ready = ready_key(Operation::verify, body_->serial, body_, body_->key.get(), alg);
  bool right = false;
  if (alg == Alg::EdDSA) {
    right = verify_message(ready, data, signature);
  } else {
    const ByteView form = alg == Alg::ES256 ? ByteView(*der) : signature;
    const auto digest = sha256(data);
    right = EVP_PKEY_verify(ready.over_digest.get(), form.data(), form.size(), digest.data(),
                            digest.size()) == 1;
  }
  if (!right) ERR_clear_error();
  return right;
}

}  // namespace claviger::crypto
