#include "demo/client/server_keys.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "crypto/jws.hpp"

namespace claviger::demo {
namespace {

constexpr std::size_t kMaxKeys = 32;
constexpr std::int64_t kYear9999 = 253402300799;  // seconds beyond it would not fit a Time

std::string_view text_of(const boost::json::object& object, std::string_view name) {
  return json_text(object, name).value_or("");
}

}  // namespace

bool ServerKeys::replace(const boost::json::object& jwks) {
  const auto* keys = jwks.if_contains("keys");
  if (keys == nullptr || !keys->is_array()) return false;
  std::vector<crypto::PublicKey> fresh;
  for (const auto& jwk : keys->get_array()) {
    if (!jwk.is_object() || fresh.size() == kMaxKeys) continue;
    if (auto key = crypto::PublicKey::from_jwk(jwk.get_object())) fresh.push_back(*key);
  }
  keys_ = std::move(fresh);
  return true;
}

const crypto::PublicKey* ServerKeys::find(std::string_view kid) const {
  const auto found = std::ranges::find_if(keys_, [&](const auto& k) { return k.kid() == kid; });
  return found == keys_.end() ? nullptr : &*found;
}

bool ServerKeys::settles(const std::string& token) const {
  const auto jws = crypto::peek_jws(token);
  return !jws || find(text_of(jws->header, "kid")) != nullptr;
}

SeenToken ServerKeys::judge(const std::string& access_token, const ExpectedToken& expected) const {
  SeenToken seen;
  seen.name = "access_token";
  seen.verdict = Verdict::failed;
  const auto peeked = crypto::peek_jws(access_token);
  if (!peeked) {
    seen.remark = "it is no JWT";
    return seen;
  }
  seen.header = fields_of(peeked->header);
  seen.payload = fields_of(peeked->payload);
  const auto verified = crypto::verify_jws(access_token, "at+jwt",
                                           [this](std::string_view kid) { return find(kid); });
  if (!verified) {
    seen.remark = "its signature: " + std::string(crypto::to_string(verified.error()));
    return seen;
  }
  const auto& payload = verified->payload;
  const auto exp = json_seconds(payload, "exp");
  if (!exp || *exp > kYear9999 || from_seconds(*exp) <= expected.now) {
    seen.remark = "it has expired";
  } else if (text_of(payload, "iss") != expected.issuer) {
    seen.remark = "another issuer made it";
  } else if (text_of(payload, "client_id") != expected.client_id) {
    seen.remark = "it was issued to another client";
  } else {
    seen.verdict = Verdict::verified;
    seen.remark = "A key from /jwks fits the signature; issuer, client and time are right.";
    seen.expires = from_seconds(*exp);
  }
  return seen;
}

}  // namespace claviger::demo
