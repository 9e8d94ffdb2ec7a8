// One node: everything between the store and the socket, put together from settings and from
// injected clock, randomness, workers and log. `serve` gives it the real ones, a test gives it
// fakes.
#pragma once
#include <memory>

#include "admin/operations.hpp"
#include "app/exposition.hpp"
#include "base/log.hpp"
#include "base/refusals.hpp"
#include "base/worker.hpp"
#include "config/settings.hpp"
#include "crypto/digest.hpp"
#include "endpoints/client_keys.hpp"
#include "endpoints/deps.hpp"
#include "endpoints/known_tokens.hpp"
#include "http/router.hpp"
#include "protocol/policy.hpp"
#include "store/store.hpp"

namespace claviger::app {

protocol::Policy make_policy(const config::Settings& settings);
endpoints::Quickstart make_quickstart(const config::Settings& settings);
crypto::PasswordCost make_password_cost(const config::Settings& settings);

// What the outside gives a node; all of it outlives the node.
struct World {
  const Clock& clock;
  Random& random;
  Log& log;
  Worker& hashing;
  endpoints::Fetch fetch;  // to addresses that clients name
  std::shared_ptr<Metrics> metrics = std::make_shared<Metrics>();
};

class Node {
 public:
  // Loads the keys, making what is missing; `driver` is open. Runs the store inline until it is
  // done.
  Node(const config::Settings& settings, World world, std::unique_ptr<store::sql::Driver> driver,
       crypto::SealingKey master, crypto::PasswordCost cost);
  ~Node();

  http::Router& router() { return *router_; }
  http::Router& admin_router() { return *admin_router_; }
  // /metrics and the probes: one thread's alone.
  http::Router& metrics_router() { return *metrics_router_; }
  const std::shared_ptr<Metrics>& metrics() const { return metrics_; }
  store::Store& store() { return store_; }
  crypto::Keys& keys() { return keys_; }
  Refusals& refusals() { return refusals_; }
  const endpoints::Deps& deps() const { return *deps_; }
  // Asked by readiness from then on. Set before serving.
  void on_database_state(std::function<endpoints::DatabaseState()> state) {
    deps_->database_state = std::move(state);
  }
  admin::Operations& operations() { return *operations_; }

 private:
  void make_endpoints(const config::Settings& settings, World world, crypto::PasswordCost cost);
  void make_routers(const config::Settings& settings, World world);
  void make_metrics_router(World world);
  void make_admin(const config::Settings& settings, World world, crypto::PasswordCost cost);

  std::shared_ptr<Metrics> metrics_;
  crypto::SealingKey master_;
  protocol::Policy policy_;
  store::Store store_;
  crypto::Keys keys_;
  pages::Pages pages_;
  Refusals refusals_;
  http::RateLimiter limiter_;
  http::RateLimiter client_failures_;
  endpoints::ClientKeys client_keys_;
  endpoints::KnownTokens known_tokens_;
  std::unique_ptr<endpoints::Deps> deps_;
  std::unique_ptr<admin::Operations> operations_;
  std::unique_ptr<http::Router> router_;
  std::unique_ptr<http::Router> admin_router_;
  std::unique_ptr<Exposition> exposition_;
  std::unique_ptr<http::Router> metrics_router_;
};

}  // namespace claviger::app
