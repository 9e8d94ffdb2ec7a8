#include "protocol/tokens/id_token.hpp"

#include "base/json.hpp"
#include "base/reasons/id_token.hpp"
#include "base/text.hpp"
#include "crypto/jwe.hpp"
#include "crypto/jws.hpp"

namespace claviger::protocol {
namespace {

constexpr std::string_view kType = "JWT";

boost::json::array strings(const std::vector<std::string>& words) {
  boost::json::array array;
  for (const auto& word : words) array.emplace_back(word);
  return array;
}

struct Recipient {
  const crypto::EncryptionKey* key = nullptr;
  crypto::KeyAlg alg{};
  crypto::ContentEnc enc{};
};

// The words were judged when they were registered; a key may have gone since.
Result<Recipient> choose_recipient(const Protection& protection, const crypto::JwkSet* keys) {
  const auto alg = crypto::parse_key_alg(protection.encrypted_alg);
  const auto enc = protection.encrypted_enc.empty()
                       ? crypto::ContentEnc::a128cbc_hs256  // the default (OIDCDR-2)
                       : crypto::parse_content_enc(protection.encrypted_enc);
  const auto* key = keys != nullptr && alg ? keys->for_encryption(*alg) : nullptr;
  if (key == nullptr || !enc) {
    return refused(reason::id_token_no_recipient, "a key for " + protection.encrypted_alg);
  }
  return Recipient{key, *alg, *enc};
}

// One client: a text, or a list of it alone.
std::optional<std::string> only_audience(const boost::json::object& payload) {
  const auto* aud = payload.if_contains("aud");
  if (aud == nullptr) return {};
  const auto* list = aud->if_array();
  if (list != nullptr && list->size() == 1) aud = &list->front();
  const auto* text = aud->if_string();
  if (text == nullptr || text->empty()) return {};
  return std::string(*text);
}

// What tells an ID token from the other things that we sign for clients: signed UserInfo lacks both
// times, a logout token has events (JO-27).
bool is_id_token(const boost::json::object& payload) {
  return json_seconds(payload, "iat") && json_seconds(payload, "exp") &&
         !payload.contains("events");
}

}  // namespace

boost::json::object id_token_claims(const IdTokenFacts& facts, const Client& client,
                                    crypto::Alg alg, const Policy& policy, Time now) {
  boost::json::object claims{
      {"iss", policy.issuer},    {"sub", facts.sub},
      {"aud", client.client_id}, {"exp", to_seconds(now + policy.id_token_ttl)},
      {"iat", to_seconds(now)},
  };
  if (facts.auth_time) claims["auth_time"] = to_seconds(*facts.auth_time);
  if (facts.nonce) claims["nonce"] = *facts.nonce;
  if (!facts.acr.empty()) claims["acr"] = facts.acr;
  if (!facts.amr.empty()) claims["amr"] = strings(facts.amr);
  if (facts.sid) claims["sid"] = *facts.sid;
  if (facts.access_token) claims["at_hash"] = crypto::half_hash(alg, *facts.access_token);
  if (facts.code) claims["c_hash"] = crypto::half_hash(alg, *facts.code);
  for (const auto& [name, value] : facts.claims) {
    if (!claims.contains(name)) claims[name] = value;
  }
  return claims;
}

crypto::Alg id_token_alg(const Client& client) {
  return crypto::parse_alg(client.metadata.id_token.signed_alg).value_or(crypto::Alg::RS256);
}

Result<std::string> protect(const boost::json::object& payload, const Protection& protection,
                            crypto::Alg alg, std::string_view typ, const crypto::KeyRing& keys,
                            const crypto::JwkSet* recipient, Random& random, Time now) {
  const auto* key = keys.signing_key(alg, now);
  if (key == nullptr) {
    return refused(reason::id_token_no_key, "a key of " + std::string(to_string(alg)));
  }
  if (protection.encrypted_alg.empty()) return crypto::sign_jws(*key, typ, payload);
  const auto to = choose_recipient(protection, recipient);
  if (!to) return std::unexpected(to.error());
  const auto inner = crypto::sign_jws(*key, typ, payload);
  return crypto::encrypt_jwe(*to->key, to->alg, to->enc, kType, inner, random);
}

Result<std::string> encrypt_only(const boost::json::object& payload, const Protection& protection,
                                 const crypto::JwkSet* recipient, Random& random) {
  const auto to = choose_recipient(protection, recipient);
  if (!to) return std::unexpected(to.error());
  return crypto::encrypt_jwe(*to->key, to->alg, to->enc, "", boost::json::serialize(payload),
                             random);
}

Result<IdTokenHint> verify_id_token_hint(std::string_view token, const crypto::KeyRing& keys,
                                         const Policy& policy, Time now) {
  const auto verified = crypto::verify_jws(
      token, kType, [&](std::string_view kid) { return keys.find_public(kid, now); });
  if (!verified) {
    return refused(reason::id_token_hint_invalid, {}, std::string(to_string(verified.error())));
  }
  const auto& payload = verified->payload;
  const auto issuer = json_text(payload, "iss");
  if (issuer != policy.issuer) {
    return refused(reason::id_token_hint_invalid, policy.issuer, excerpt(issuer.value_or("")));
  }
  const auto sub = json_text(payload, "sub");
  auto client_id = only_audience(payload);
  if (!is_id_token(payload) || !sub || sub->empty() || !client_id) {
    return refused(reason::id_token_hint_invalid, {}, "another kind of token");
  }
  IdTokenHint hint{std::string(*sub), std::move(*client_id), {}};
  if (const auto sid = json_text(payload, "sid")) hint.sid = std::string(*sid);
  return hint;
}

}  // namespace claviger::protocol
