// What every endpoint is handed. Nothing here is global, so that a test runs a whole node on one
// thread.
#pragma once
#include <chrono>
#include <string>

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/refusals.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "base/worker.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/password_hash.hpp"
#include "http/rate_limiter.hpp"
#include "pages/views.hpp"
#include "protocol/login.hpp"
#include "protocol/policy.hpp"
#include "protocol/registration/client.hpp"
#include "protocol/registration/user.hpp"
#include "store/store.hpp"

namespace claviger::endpoints {

struct SessionPolicy {
  std::chrono::seconds idle{30 * 60};
  std::chrono::seconds lifetime{10 * 3600};
};

// `__Host-` names need https; a loopback http issuer carries its port instead, since all ports of
// localhost share one cookie jar.
struct CookieNames {
  std::string session;  // who is signed in
  std::string browser;  // which browser began an authorization request; authenticates nobody
  bool secure = true;
};

// What the calls with an empty body register, from [quickstart].
struct Quickstart {
  protocol::ClientRegistration client;
  protocol::UserRegistration user;
};

struct Deps {
  store::Store& store;
  crypto::Keys& keys;
  Worker& hashing;
  const pages::Pages& pages;
  Refusals& refusals;
  http::RateLimiter& client_failures;  // per client and address (CA-13)
  const Clock& clock;
  Random& random;
  Log& log;
  const protocol::Policy& policy;
  protocol::LoginPolicy login_policy;
  SessionPolicy session_policy;
  CookieNames cookies;
  Quickstart quickstart;
  crypto::PasswordCost password_cost;
  crypto::Alg signing_alg = crypto::Alg::ES256;
  bool registration_open = false;
  bool loopback_issuer = false;
  std::string demo_client_url;  // shown on the front page of a loopback issuer
};

}  // namespace claviger::endpoints
