#include "app/try/judge_token.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "crypto/jws.hpp"

namespace claviger::app {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxKeys = 32;
constexpr std::chrono::seconds kSkew{60};  // between the server's clock and this one
constexpr std::int64_t kYear9999 = 253402300799;

std::string_view text(const json::object& object, std::string_view name) {
  return json_text(object, name).value_or("");
}

const crypto::PublicKey* find_key(const std::vector<crypto::PublicKey>& keys,
                                  std::string_view kid) {
  const auto found = std::ranges::find_if(keys, [&](const auto& k) { return k.kid() == kid; });
  return found == keys.end() ? nullptr : &*found;
}

bool is_for(const json::object& claims, std::string_view client_id) {
  const auto* aud = claims.if_contains("aud");
  if (aud == nullptr) return false;
  if (aud->is_string()) return aud->get_string() == client_id;
  // OIDCC-3.1.3.7: of an audience beside us we know nothing.
  return aud->is_array() && aud->get_array().size() == 1 && aud->get_array()[0].is_string() &&
         aud->get_array()[0].get_string() == client_id;
}

// What both kinds have in common; an empty remark says that it holds.
std::string_view common_fault(const json::object& claims, const TokenExpectation& expected) {
  if (text(claims, "iss") != expected.issuer) return "another issuer made it";
  const auto exp = json_seconds(claims, "exp");
  if (!exp || *exp > kYear9999 || from_seconds(*exp) <= expected.now) return "it has expired";
  const auto iat = json_seconds(claims, "iat");
  if (!iat || *iat > kYear9999 || from_seconds(*iat) > expected.now + kSkew) {
    return "it was made in the future";
  }
  return {};
}

std::string_view id_token_fault(const json::object& claims, crypto::Alg alg,
                                const TokenExpectation& expected) {
  if (!is_for(claims, expected.client_id)) return "it is not for this client alone";
  if (claims.contains("azp") && text(claims, "azp") != expected.client_id) {
    return "it was issued at the wish of another client";
  }
  if (text(claims, "sub").empty()) return "it is about nobody";
  if (!expected.nonce.empty() && text(claims, "nonce") != expected.nonce) {
    return "its nonce is not the one that was sent";
  }
  const bool bound = claims.contains("at_hash");
  if (bound && text(claims, "at_hash") != crypto::half_hash(alg, expected.access_token)) {
    return "it belongs to another access token";
  }
  return {};
}

// Signature and common claims. `typ` as in verify_jws.
TokenJudgement judge_signed(const std::string& token, std::string_view typ,
                            const std::vector<crypto::PublicKey>& keys,
                            const TokenExpectation& expected) {
  TokenJudgement judged;
  const auto peeked = crypto::peek_jws(token);
  if (!peeked) {
    judged.sealed = true;
    judged.remark = std::ranges::count(token, '.') == 4
                        ? "Encrypted: only who has the client's key can read it."
                        : "Opaque: /introspect tells what it stands for.";
    return judged;
  }
  judged.header = peeked->header;
  judged.claims = peeked->payload;
  const auto verified =
      crypto::verify_jws(token, typ, [&](std::string_view kid) { return find_key(keys, kid); });
  judged.remark = verified ? std::string(common_fault(judged.claims, expected))
                           : "its signature: " + std::string(to_string(verified.error()));
  judged.verified = judged.remark.empty();
  return judged;
}

void settle(TokenJudgement& judged, std::string_view fault, std::string_view praise) {
  judged.verified = fault.empty();
  judged.remark = std::string(fault.empty() ? praise : fault);
}

}  // namespace

std::vector<crypto::PublicKey> read_key_set(const json::object& jwks) {
  std::vector<crypto::PublicKey> keys;
  const auto* list = jwks.if_contains("keys");
  if (list == nullptr || !list->is_array()) return keys;
  for (const auto& jwk : list->get_array()) {
    if (!jwk.is_object() || keys.size() == kMaxKeys) continue;
    if (auto key = crypto::PublicKey::from_jwk(jwk.get_object())) keys.push_back(*key);
  }
  return keys;
}

TokenJudgement judge_access_token(const std::string& token,
                                  const std::vector<crypto::PublicKey>& keys,
                                  const TokenExpectation& expected) {
  auto judged = judge_signed(token, "at+jwt", keys, expected);
  if (!judged.verified) return judged;
  const bool ours = text(judged.claims, "client_id") == expected.client_id;
  settle(judged, ours ? "" : "it was issued to another client",
         "Verified: a key of the server's signed it; issuer, client and time are right.");
  return judged;
}

TokenJudgement judge_id_token(const std::string& token, const std::vector<crypto::PublicKey>& keys,
                              const TokenExpectation& expected) {
  auto judged = judge_signed(token, "", keys, expected);
  if (!judged.verified) return judged;
  // An access token or a logout token must not sign anybody in (RFC8725-3.11).
  const bool typed =
      judged.header.contains("typ") && !iequals_ascii(text(judged.header, "typ"), "JWT");
  const auto alg = find_key(keys, text(judged.header, "kid"))->alg();
  settle(judged,
         typed ? "it is another kind of token" : id_token_fault(judged.claims, alg, expected),
         "Verified: a key of the server's signed it; issuer, audience, nonce and time are right.");
  return judged;
}

TokenJudgement look_at_refresh_token(const std::string& token) {
  TokenJudgement judged;
  judged.sealed = true;
  judged.remark = "Only the server has the key that checks it.";
  if (const auto peeked = crypto::peek_jws(token)) {
    judged.header = peeked->header;
    judged.claims = peeked->payload;
  }
  return judged;
}

}  // namespace claviger::app
