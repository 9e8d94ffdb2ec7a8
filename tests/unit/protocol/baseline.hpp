// A world in which everything is right. A test takes it, spoils one fact, and states the refusal.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/form.hpp"
#include "base/token.hpp"
#include "crypto/digest.hpp"
#include "crypto/key_ring.hpp"
#include "model/client.hpp"
#include "model/grant.hpp"
#include "model/session.hpp"
#include "model/user.hpp"
#include "protocol/client_authentication/authenticate.hpp"
#include "protocol/policy.hpp"
#include "tests/support/scripted_random.hpp"

namespace claviger::protocol::test {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace std::chrono_literals;

inline constexpr Time kNow = from_seconds(1'800'000'000);
inline constexpr std::string_view kSecret = "a-secret-of-20-chars";
inline constexpr std::string_view kRedirect = "https://app.example.com/callback?tenant=1";
inline constexpr std::int64_t kStorageEpoch = 7;
// RFC 7636, appendix B.
inline constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr std::string_view kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

inline Id id(std::uint64_t seed) {
  claviger::test::ScriptedRandom random(seed);
  return Id::make(kNow, random);
}

inline Policy policy() {
  Policy policy;
  policy.issuer = "http://localhost:2003";
  policy.scopes = {"username", "email", "firstname", "lastname", "phone"};
  return policy;
}

inline crypto::KeyRing::Mac mac(std::string kid) {
  return {kid, Secret(kid + std::string(32 - kid.size(), '.')), kNow - hours(24), {}};
}

inline const crypto::KeyRing& ring() {
  static const crypto::KeyRing ring(
      {{crypto::PrivateKey::generate(crypto::Alg::ES256), kNow - hours(24), {}}},
      {mac("refresh-1"), mac("refresh-2")}, {mac("secret-1")});
  return ring;
}

inline Client confidential_client() {
  Client client;
  client.client_id = "demo";
  client.redirect_uris = {std::string(kRedirect)};
  const auto [hash, kid] = ring().hash_client_secret(Secret(kSecret), kNow);
  client.secret_hash = hash;
  client.secret_kid = kid;
  client.epoch = 3;
  return client;
}

inline Client public_client() {
  Client client;
  client.client_id = "demo";
  client.auth_method = AuthMethod::none;
  client.redirect_uris = {std::string(kRedirect)};
  client.epoch = 3;
  return client;
}

// As the store would hand it out.
inline SharedClient shared(Client client) {
  return std::make_shared<const Client>(std::move(client));
}

inline AuthenticatedClient authenticated(const Client& client) {
  PresentedClient presented{client.client_id, Secret(kSecret), false, {}};
  if (client.is_public()) presented.secret.reset();
  return judge_client(presented, shared(client), ring(), kNow).value();
}

inline User user() {
  User user;
  user.sub = "AAAAAAAAAAAAAAAAAAAAAA";
  user.username = "ada";
  user.email = "ada@example.test";
  user.firstname = "Ada";
  user.lastname = "Lovelace";
  user.phone = "+44 20 7946 0958";
  user.epoch = 2;
  return user;
}

inline Session session() {
  Session session;
  session.id = id(11);
  session.sub = user().sub;
  session.user_epoch = user().epoch;
  session.auth_time = kNow - minutes(5);
  session.created_at = kNow - minutes(5);
  session.idle_expires_at = kNow + minutes(25);
  session.expires_at = kNow + hours(9);
  return session;
}

inline Form form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  Form form;
  for (const auto& [name, value] : fields) form.add(name, value);
  return form;
}

// The form with one field set to another value, or taken out when `value` is empty.
inline Form with(const Form& form, std::string_view name, std::string_view value) {
  Form out;
  bool found = false;
  for (const auto& [key, old] : form.fields()) {
    if (key != name) {
      out.add(key, old);
    } else if (!value.empty()) {
      out.add(key, value);
    }
    found |= key == name;
  }
  if (!found && !value.empty()) out.add(name, value);
  return out;
}

inline Form without(const Form& form, std::string_view name) { return with(form, name, ""); }

inline Form plus(Form form, std::string_view name, std::string_view value) {
  form.add(name, value);
  return form;
}

// "ok", or the id of the reason: what a table of expectations states.
template <class T>
std::string_view outcome(const Result<T>& result) {
  return result ? "ok" : result.error().reason->id;
}

}  // namespace claviger::protocol::test
