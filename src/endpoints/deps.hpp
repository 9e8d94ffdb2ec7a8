// What every endpoint is handed. Nothing here is global, so that a test runs a whole node on one
// thread.
#pragma once
#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/refusals.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "base/worker.hpp"
#include "crypto/digest.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/password_hash.hpp"
#include "endpoints/metrics.hpp"
#include "endpoints/readiness.hpp"
#include "http/rate_limiter.hpp"
#include "outbound/fetcher.hpp"
#include "pages/pages.hpp"
#include "protocol/login.hpp"
#include "protocol/policy.hpp"
#include "protocol/registration/client.hpp"
#include "protocol/registration/user.hpp"
#include "store/store.hpp"

namespace claviger::endpoints {

// The way out to addresses that clients named; injected, so that a test answers for them.
using Fetched = Task<std::expected<outbound::Response, outbound::FetchError>>;
using Fetch = std::function<Fetched(outbound::Request)>;

class ClientKeys;
class KnownTokens;
enum class DatabaseState;  // health.hpp

struct SessionPolicy {
  std::chrono::seconds idle{30 * 60};
  std::chrono::seconds lifetime{10 * 3600};
};

// `__Host-` names need https; a loopback http issuer carries its port instead, since all ports of
// localhost share one cookie jar.
struct CookieNames {
  std::string session;   // who is signed in
  std::string browser;   // which browser began an authorization request; authenticates nobody
  std::string op_state;  // readable by scripts: only tells that the sign-in changed (OIDCSM-4.2)
  bool secure = true;
  bool same_site_none = false;  // the session is seen in frames of other sites
};

// What the calls with an empty body register, from [quickstart].
struct Quickstart {
  protocol::ClientRegistration client;
  protocol::UserRegistration user;
};

struct Deps {
  store::Store& store;
  crypto::Keys& keys;
  const crypto::SealingKey& master;
  ClientKeys& client_keys;  // what clients publish, cached
  KnownTokens& known_tokens;
  Fetch fetch;
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
  std::int64_t max_self_registered = 10000;
  bool loopback_issuer = false;
  Digest pairwise_key{};  // under which people are renamed for clients (OIDCC-8.1)
  Digest sid_key{};       // under which sessions are named for clients
  std::function<void()> logout_due = [] {};  // somebody is to be told that a session ended
  std::string demo_client_url;               // shown on the front page of a loopback issuer
  std::shared_ptr<Readiness> readiness = std::make_shared<Readiness>();
  std::shared_ptr<Metrics> metrics = std::make_shared<Metrics>();
  // What somebody who looks all the time found; without it readiness looks itself.
  std::function<DatabaseState()> database_state;
  std::chrono::seconds jwks_max_age{300};  // short enough to see a key before it is used
};

}  // namespace claviger::endpoints
