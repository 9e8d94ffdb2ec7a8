// Records that are valid as they stand; a test spoils one thing.
#pragma once
#include <string>

#include "base/id.hpp"
#include "model/client.hpp"
#include "model/grant.hpp"
#include "model/logout_request.hpp"
#include "model/server_key.hpp"
#include "model/session.hpp"
#include "model/user.hpp"
#include "store/client_logos.hpp"
#include "store/codes.hpp"
#include "store/device_codes.hpp"
#include "store/grants.hpp"
#include "store/initial_access_tokens.hpp"
#include "store/opaque_tokens.hpp"

namespace claviger::test {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline const Time kNow = from_seconds(1'800'000'000);

inline Id a_node_id(std::uint8_t filled_with) {
  return Id::from_bytes(Bytes(16, filled_with)).value();
}

inline Digest a_digest(std::uint8_t filled_with) {
  Digest digest;
  digest.fill(filled_with);
  return digest;
}

inline Client a_client(std::string id = "shop") {
  Client client;
  client.client_id = std::move(id);
  client.name = "The Shop";
  client.secret_hash = a_digest(1);
  client.secret_kid = "k1";
  client.redirect_uris = {"http://localhost:3000/callback", "https://shop.example/back?a=b"};
  client.post_logout_redirect_uris = {"http://localhost:3000/"};
  client.scopes = {"username", "email"};
  client.created_at = kNow;
  return client;
}

inline store::ClientLogo a_logo(std::string client_id = "shop") {
  return {std::move(client_id), "image/png", {0x89, 'P', 'N', 'G'}, kNow};
}

inline User a_user(std::string sub = "alice-sub", std::string username = "alice") {
  User user;
  user.sub = std::move(sub);
  user.username = std::move(username);
  user.email = user.username + "@example.com";
  user.firstname = "Alice";
  user.lastname = "Liddell";
  user.phone = "+49 30 1234";
  user.password_hash = "$argon2id$old";
  user.created_at = kNow;
  return user;
}

inline Session a_session(Random& random, std::string sub = "alice-sub", Time at = kNow) {
  Session session;
  session.id = Id::make(at, random);
  random.fill(session.cookie_hash);
  session.sub = std::move(sub);
  session.auth_time = at;
  session.acr = "urn:example:password";
  session.amr = {"pwd", "otp"};
  session.created_at = at;
  session.idle_expires_at = at + minutes(30);
  session.expires_at = at + hours(10);
  return session;
}

inline Transaction a_transaction(Random& random, Time at = kNow) {
  Transaction transaction;
  transaction.id = Id::make(at, random);
  transaction.browser_hash = a_digest(2);
  transaction.client_id = "shop";
  transaction.redirect_uri = "http://localhost:3000/callback";
  transaction.redirect_uri_sent = true;
  transaction.scopes = {"email", "username"};
  transaction.state = "xyz";
  transaction.created_at = at;
  transaction.expires_at = at + minutes(15);
  return transaction;
}

inline Code a_code(Random& random, Time at = kNow) {
  Code code;
  code.selector = Id::make(at, random);
  code.verifier_hash = a_digest(3);
  code.client_id = "shop";
  code.sub = "alice-sub";
  code.session = Id::make(at, random);
  code.redirect_uri = "http://localhost:3000/callback";
  code.redirect_uri_sent = true;
  code.scopes = {"email", "username"};
  code.nonce = "n-1";
  code.resources = {"https://api.example/a b", "https://api.example/c"};
  code.claims = R"({"userinfo":{"name":null}})";
  code.auth_time = at - seconds(5);
  code.acr = "urn:example:password";
  code.amr = {"pwd"};
  code.epochs = {1, 2, 3};
  code.issued_at = at;
  code.expires_at = at + seconds(60);
  return code;
}

// What answers an authorization request: a stored one's with its transaction.
inline store::AuthorizationPlan an_answer(const Code& code, std::optional<Id> transaction = {},
                                          Time now = kNow) {
  store::AuthorizationPlan plan;
  plan.code = code;
  plan.session = code.session;
  plan.client_id = code.client_id;
  plan.now = now;
  plan.stored = transaction.has_value();
  if (transaction) plan.transaction = *transaction;
  return plan;
}

inline LogoutRequest a_logout_request(Random& random, Time at = kNow) {
  LogoutRequest request;
  request.id = Id::make(at, random);
  request.client_id = "shop";
  request.post_logout_redirect_uri = "http://localhost:3000/";
  request.state = "xyz";
  request.ui_locales = "de en";
  request.created_at = at;
  request.expires_at = at + minutes(15);
  return request;
}

inline Grant a_grant(Random& random, Time at = kNow) {
  Grant grant;
  static_cast<Authorized&>(grant) = a_code(random, at);
  grant.id = Id::make(at, random);
  grant.type = GrantType::implicit;
  grant.created_at = at;
  return grant;
}

// Exchanged from another one, by another client.
inline Grant an_exchanged_grant(Random& random, const Id& parent, Time at = kNow) {
  Grant grant = a_grant(random, at);
  grant.client_id = "backend";
  grant.type = GrantType::token_exchange;
  grant.parent = parent;
  grant.act = R"({"sub":"backend"})";
  return grant;
}

inline DeviceCode a_device_code(Random& random, std::string user_code = "BCDFGHJK",
                                Time at = kNow) {
  DeviceCode code;
  code.selector = Id::make(at, random);
  code.verifier_hash = a_digest(4);
  code.user_code = std::move(user_code);
  code.client_id = "tv";
  code.scopes = {"email", "username"};
  code.resources = {"https://api.example/c"};
  code.requester = "192.0.2.7";
  code.issued_at = at;
  code.expires_at = at + minutes(10);
  return code;
}

inline store::OpaqueAccessToken an_opaque_token(Random& random, Time at = kNow) {
  store::OpaqueAccessToken token;
  token.selector = Id::make(at, random);
  token.verifier_hash = a_digest(5);
  token.claims.sub = "alice-sub";
  token.claims.client_id = "shop";
  token.claims.scopes = {"email", "username"};
  token.claims.audience = {"https://api.example/a b"};
  token.claims.jti = token.selector.text();
  token.claims.grant = Id::make(at, random);
  token.claims.issued_at = at;
  token.claims.expires_at = at + minutes(10);
  return token;
}

inline store::InitialAccessToken an_initial_access_token(Random& random, Time at = kNow) {
  store::InitialAccessToken token;
  token.selector = Id::make(at, random);
  token.verifier_hash = a_digest(6);
  token.created_at = at;
  token.expires_at = at + hours(24);
  return token;
}

inline store::RedeemPlan a_redeem_plan(Random& random, const Id& selector, Time now) {
  store::RedeemPlan plan;
  plan.selector = selector;
  plan.now = now;
  plan.grant.id = Id::make(plan.now, random);
  RefreshFamily family;
  family.id = Id::make(plan.now, random);
  family.grant = plan.grant.id;
  family.counter = 1;
  family.rotated_at = plan.now;
  family.mac_kid = "m1";
  family.idle_expires_at = plan.now + hours(24 * 14);
  family.expires_at = plan.now + hours(24 * 90);
  plan.family = family;
  return plan;
}

inline store::RedeemPlan a_redeem_plan(Random& random, const Code& code) {
  return a_redeem_plan(random, code.selector, code.issued_at + seconds(1));
}

inline store::RedeemPlan a_redeem_plan(Random& random, const DeviceCode& code) {
  auto plan = a_redeem_plan(random, code.selector, code.issued_at + seconds(10));
  plan.grant.type = GrantType::device_code;
  return plan;
}

inline store::RotatePlan a_rotate_plan(const RefreshFamily& family) {
  store::RotatePlan plan;
  plan.family = family.id;
  plan.from = family.counter;
  plan.mac_kid = "m2";
  plan.now = family.rotated_at + seconds(100);
  plan.idle_expires_at = plan.now + hours(24 * 14);
  return plan;
}

inline ServerKey a_server_key(std::string kid, KeyPurpose purpose = KeyPurpose::signing) {
  ServerKey key;
  key.kid = std::move(kid);
  key.purpose = purpose;
  key.alg = purpose == KeyPurpose::signing ? "ES256" : "HS256";
  key.sealed = {1, 2, 3};
  key.created_at = kNow;
  key.active_from = kNow;
  return key;
}

}  // namespace claviger::test
