#include "demo/client/id_token.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "crypto/jws.hpp"

namespace claviger::demo {
namespace {

constexpr std::chrono::seconds kSkew{60};  // between the server's clock and ours
constexpr std::size_t kMaxSubject = 255;   // OIDCC-2
constexpr std::int64_t kYear9999 = 253402300799;

std::string_view text(const boost::json::object& claims, std::string_view name) {
  return json_text(claims, name).value_or("");
}

// OIDCC-3.1.3.7: the audience names us, and whoever else it names we know nothing of.
bool is_only_for(const boost::json::object& claims, std::string_view client_id) {
  const auto* aud = claims.if_contains("aud");
  if (aud == nullptr) return false;
  if (aud->is_string()) return aud->get_string() == client_id;
  if (!aud->is_array() || aud->get_array().size() != 1) return false;
  const auto& only = aud->get_array().front();
  return only.is_string() && only.get_string() == client_id;
}

std::string_view find_fault(const boost::json::object& claims, crypto::Alg alg,
                            const ExpectedIdToken& expected) {
  const auto exp = time_of(claims, "exp");
  const auto iat = time_of(claims, "iat");
  const auto sub = text(claims, "sub");
  if (claims.contains("azp") && text(claims, "azp") != expected.client_id) {
    return "it was issued at the wish of another client";
  }
  if (!exp || *exp <= expected.now) return "it has expired";
  if (!iat || *iat > expected.now + kSkew) return "it was made in the future";
  if (sub.empty() || sub.size() > kMaxSubject) return "it is about nobody";
  if (!expected.nonce.empty() && text(claims, "nonce") != expected.nonce) {
    return "its nonce is not the one that this sign-in sent";
  }
  const bool bound = claims.contains("at_hash");
  if (bound && text(claims, "at_hash") != crypto::half_hash(alg, expected.access_token)) {
    return "it belongs to another access token";
  }
  return {};
}

}  // namespace

std::optional<Time> time_of(const boost::json::object& claims, std::string_view name) {
  const auto seconds = json_seconds(claims, name);
  if (!seconds || *seconds > kYear9999) return std::nullopt;
  return from_seconds(*seconds);
}

JudgedToken judge_signed_token(std::string_view name, const std::string& token,
                               std::string_view typ, const ServerKeys& keys,
                               std::string_view issuer, std::string_view client_id) {
  JudgedToken judged;
  auto& seen = judged.seen;
  seen.name = std::string(name);
  seen.verdict = Verdict::failed;
  const auto peeked = crypto::peek_jws(token);
  if (!peeked) {
    seen.remark = "it is no JWT";
    return judged;
  }
  seen.header = fields_of(peeked->header);
  seen.payload = fields_of(peeked->payload);
  const auto verified =
      crypto::verify_jws(token, typ, [&](std::string_view kid) { return keys.find(kid); });
  if (!verified) {
    seen.remark = "its signature: " + std::string(crypto::to_string(verified.error()));
    return judged;
  }
  const auto* key = keys.find(text(verified->header, "kid"));
  const bool usual = key->alg() == crypto::Alg::RS256 || key->alg() == crypto::Alg::ES256;
  if (!usual) {
    seen.remark = "its algorithm is not one that this client registered for";
  } else if (text(verified->payload, "iss") != issuer) {
    seen.remark = "another issuer made it";
  } else if (!is_only_for(verified->payload, client_id)) {
    seen.remark = "it is not for this client alone";
  } else {
    judged.claims = verified->payload;
  }
  return judged;
}

JudgedToken judge_id_token(const std::string& token, const ServerKeys& keys,
                           const ExpectedIdToken& expected) {
  auto judged =
      judge_signed_token("id_token", token, "", keys, expected.issuer, expected.client_id);
  auto& seen = judged.seen;
  if (!seen.remark.empty()) return judged;
  const auto header = crypto::peek_jws(token)->header;
  const auto alg = keys.find(text(header, "kid"))->alg();
  const bool typed = header.contains("typ") && !iequals_ascii(text(header, "typ"), "JWT");
  // An access token or a logout token must not sign anybody in (RFC8725-3.11).
  seen.remark = typed ? "it is another kind of token" : find_fault(judged.claims, alg, expected);
  if (!seen.remark.empty()) {
    judged.claims.clear();
    return judged;
  }
  seen.verdict = Verdict::verified;
  seen.remark = "A key from /jwks fits the signature; issuer, audience, nonce and time are right.";
  seen.expires = time_of(judged.claims, "exp");
  return judged;
}

}  // namespace claviger::demo
