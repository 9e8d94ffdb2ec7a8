#include "protocol/registration/client_keys.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/limits.hpp"
#include "base/reasons/client_metadata.hpp"
#include "base/text.hpp"
#include "crypto/encryption_key.hpp"
#include "crypto/jwk_set.hpp"

namespace claviger::protocol {
namespace {

using crypto::Alg;

constexpr std::array kAllAlgs{Alg::ES256, Alg::RS256, Alg::PS256, Alg::EdDSA};
constexpr std::string_view kSecretAlg = "HS256";

// Keys behind a jwks_uri are looked at when they are needed.
struct Keys {
  bool elsewhere = false;
  std::optional<crypto::JwkSet> set;

  bool sign(std::optional<Alg> alg) const {
    if (!set) return elsewhere;
    if (alg) return !set->for_verifying(*alg, "").empty();
    return std::ranges::any_of(kAllAlgs,
                               [&](Alg any) { return !set->for_verifying(any, "").empty(); });
  }
  bool encrypt(crypto::KeyAlg alg) const {
    return set ? set->for_encryption(alg) != nullptr : elsewhere;
  }
};

Result<Keys> read_keys(const ClientMetadata& metadata) {
  Keys keys{.elsewhere = !metadata.jwks_uri.empty(), .set = {}};
  if (metadata.jwks.empty()) return keys;
  if (keys.elsewhere) return refused(reason::client_metadata_jwks_twice);
  if (metadata.jwks.size() > limits::kJwksBytes) return refused(reason::client_metadata_jwks);
  keys.set = crypto::JwkSet::parse_strict(metadata.jwks);
  if (!keys.set) return refused(reason::client_metadata_jwks);
  return keys;
}

Result<void> judge_protection(const Protection& protection, const Keys& keys,
                              const std::vector<Alg>& signing_algs) {
  if (!protection.signed_alg.empty()) {
    const auto alg = crypto::parse_alg(protection.signed_alg);
    if (!alg || std::ranges::find(signing_algs, *alg) == signing_algs.end()) {
      return refused(reason::client_metadata_signing_alg, {}, excerpt(protection.signed_alg));
    }
  }
  if (protection.encrypted_alg.empty() && protection.encrypted_enc.empty()) return {};
  const auto alg = crypto::parse_key_alg(protection.encrypted_alg);
  if (!alg || !crypto::parse_content_enc(protection.encrypted_enc)) {
    return refused(reason::client_metadata_encryption, {},
                   excerpt(protection.encrypted_alg + " " + protection.encrypted_enc));
  }
  if (!keys.encrypt(*alg)) return refused(reason::client_metadata_no_keys);
  return {};
}

// How the client signs its assertions: under its secret or with a key, as its method says.
Result<void> judge_assertion(const Client& client, const Keys& keys) {
  const auto& word = client.metadata.token_endpoint_auth_signing_alg;
  const auto alg = crypto::parse_alg(word);
  const bool by_key = client.auth_method == AuthMethod::private_key_jwt;
  const bool by_secret = client.auth_method == AuthMethod::client_secret_jwt;
  const bool fits = word.empty() || (alg && !by_secret) || (word == kSecretAlg && !by_key);
  if (!fits) return refused(reason::client_metadata_signing_alg, {}, excerpt(word));
  if (by_key && !keys.sign(alg)) return refused(reason::client_metadata_no_keys);
  return {};
}

}  // namespace

std::vector<Alg> signing_algs_of(const crypto::KeyRing& ring, Time now) {
  std::vector<Alg> algs;
  for (const auto alg : kAllAlgs) {
    if (ring.signing_key(alg, now) != nullptr) algs.push_back(alg);
  }
  return algs;
}

Result<void> judge_client_keys(const Client& client, const std::vector<Alg>& signing_algs) {
  const auto& metadata = client.metadata;
  const auto keys = read_keys(metadata);
  if (!keys) return std::unexpected(keys.error());
  for (const auto* protection : {&metadata.id_token, &metadata.userinfo, &metadata.introspection}) {
    auto judged = judge_protection(*protection, *keys, signing_algs);
    if (!judged) return judged;
  }
  const auto& request_alg = metadata.request_object_signing_alg;
  if (!request_alg.empty() && !crypto::parse_alg(request_alg)) {
    return refused(reason::client_metadata_signing_alg, {}, excerpt(request_alg));
  }
  return judge_assertion(client, *keys);
}

}  // namespace claviger::protocol
