#include "app/node.hpp"

#include <fmt/format.h>

#include "admin/backups.hpp"
#include "admin/socket_api.hpp"
#include "app/run_inline.hpp"
#include "config/load.hpp"
#include "endpoints/health.hpp"
#include "endpoints/routes.hpp"
#include "store/topics.hpp"

namespace claviger::app {

namespace {

http::Rates make_rates(const config::Settings::Rates& rates) {
  http::Rates made;
  made.token = {rates.token_per_second, 2 * rates.token_per_second};
  made.authorize = {rates.authorize_per_second, 2 * rates.authorize_per_second};
  made.login = {rates.login_per_second, 4 * rates.login_per_second};
  made.device = {rates.device_per_second, 4 * rates.device_per_second};
  made.registration = {rates.registration_per_minute / 60, 5 * rates.registration_per_minute};
  return made;
}

// Twenty wrong secrets at once, then one every three seconds, for each client and address.
http::Rates client_failure_rates() {
  http::Rates rates;
  rates.token = {1.0 / 3, 20};
  return rates;
}

endpoints::CookieNames make_cookie_names(const config::Settings& settings) {
  if (settings.issuer.starts_with("https://"))
    return {"__Host-claviger", "__Host-claviger-browser", "__Host-claviger-state", true,
            settings.session.same_site == "none"};
  const auto host = config::issuer_host(settings);
  const auto colon = host.rfind(':');
  const bool has_port = colon != std::string::npos && host.back() != ']';
  const std::string port = has_port ? host.substr(colon + 1) : "80";
  return {"claviger_" + port, "claviger_browser_" + port, "claviger_state_" + port, false, false};
}

// Whoever keeps the key set has it anew before a key that was published since then signs; the other
// half of the time is for nodes to hear of the key.
std::chrono::seconds jwks_max_age(std::chrono::seconds publish_ahead) {
  return std::min(std::chrono::seconds(300), publish_ahead / 2);
}

// The demo client's own front page is where its redirect URI points to.
std::string demo_client_url(const config::Settings& settings) {
  const auto& uri = settings.quickstart.redirect_uri;
  const auto scheme = uri.find("://");
  const auto slash = scheme == std::string::npos ? scheme : uri.find('/', scheme + 3);
  return slash == std::string::npos ? uri : uri.substr(0, slash + 1);
}

// A loopback issuer answers to every name of loopback on its port: a person types any of them.
std::vector<std::string> own_hosts(const config::Settings& settings) {
  const std::string host = config::issuer_host(settings);
  std::vector<std::string> hosts{host};
  if (!config::issuer_is_loopback(settings)) return hosts;
  const auto colon = host.rfind(':');
  const bool has_port = colon != std::string::npos && host.back() != ']';
  const std::string port = has_port ? host.substr(colon) : "";
  for (const char* name : {"localhost", "127.0.0.1", "[::1]"}) hosts.push_back(name + port);
  return hosts;
}

Task<http::Response> serve_metrics(Exposition& exposition) {
  auto response = http::text_response(200, co_await exposition.render());
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  co_return response;
}

}  // namespace

protocol::Policy make_policy(const config::Settings& settings) {
  protocol::Policy policy;
  policy.issuer = settings.issuer;
  policy.scopes = settings.scopes.offered;
  policy.resources = settings.resources.offered;
  policy.id_token_ttl = settings.tokens.id_token_ttl;
  policy.device_code_ttl = settings.tokens.device_code_ttl;
  policy.device_interval = settings.tokens.device_interval;
  policy.device_link = settings.tokens.device_link;
  policy.registration_open = config::registration_is_open(settings);
  policy.registration_profile =
      parse_profile(settings.registration.profile).value_or(Profile::standard);
  policy.loopback_issuer = config::issuer_is_loopback(settings);
  policy.code_ttl = settings.tokens.code_ttl;
  policy.access_token_ttl = settings.tokens.access_token_ttl;
  policy.refresh_idle_ttl = settings.tokens.refresh_idle_ttl;
  policy.refresh_absolute_ttl = settings.tokens.refresh_absolute_ttl;
  policy.refresh_absolute_ttl_public = settings.tokens.refresh_absolute_ttl_public;
  policy.refresh_grace = settings.tokens.refresh_retry_grace;
  policy.refresh_grace_public = settings.tokens.refresh_retry_grace_public;
  policy.transaction_ttl = settings.session.transaction_ttl;
  policy.private_schemes = settings.registration.private_schemes;
  policy.error_interstitial = settings.registration.error_interstitial;
  return policy;
}

endpoints::Quickstart make_quickstart(const config::Settings& settings) {
  const auto& from = settings.quickstart;
  endpoints::Quickstart quickstart;
  quickstart.client.client_id = from.client_id;
  quickstart.client.client_secret = from.client_secret;
  quickstart.client.metadata.name = from.client_name;
  quickstart.client.metadata.auth_method = AuthMethod::client_secret_post;
  quickstart.client.metadata.redirect_uris = {from.redirect_uri};
  quickstart.user.user.username = from.username;
  quickstart.user.user.email = from.email;
  quickstart.user.user.firstname = from.firstname;
  quickstart.user.user.lastname = from.lastname;
  quickstart.user.user.phone = from.phone;
  quickstart.user.password = from.password;
  return quickstart;
}

crypto::PasswordCost make_password_cost(const config::Settings& settings) {
  crypto::PasswordCost cost;
  cost.iterations = static_cast<std::uint64_t>(settings.login.argon2_iterations);
  cost.memory_bytes = settings.login.argon2_memory_kib * 1024;
  return cost;
}

Node::Node(const config::Settings& settings, World world,
           std::unique_ptr<store::sql::Driver> driver, crypto::SealingKey master,
           crypto::PasswordCost cost)
    : metrics_(world.metrics),
      master_(std::move(master)),
      policy_(make_policy(settings)),
      store_(std::move(driver), world.random),
      limiter_(make_rates(settings.rates)),
      client_failures_(client_failure_rates()) {
  auto algs = settings.keys.algs;
  algs.push_back(settings.tokens.signing_alg);
  run_inline(admin::ensure_keys(store_, master_, std::move(algs), world.clock, world.random));
  keys_.replace(run_inline(admin::load_key_ring(store_, master_)));
  make_endpoints(settings, world, cost);
  make_admin(settings, world, cost);
  make_routers(settings, world);
  make_metrics_router(world);
}

Node::~Node() = default;

void Node::make_endpoints(const config::Settings& settings, World world,
                          crypto::PasswordCost cost) {
  deps_ = std::make_unique<endpoints::Deps>(endpoints::Deps{
      .store = store_,
      .keys = keys_,
      .master = master_,
      .client_keys = client_keys_,
      .known_tokens = known_tokens_,
      .fetch = world.fetch,
      .hashing = world.hashing,
      .pages = pages_,
      .refusals = refusals_,
      .client_failures = client_failures_,
      .clock = world.clock,
      .random = world.random,
      .log = world.log,
      .policy = policy_,
      .login_policy = {settings.login.free_failures, settings.login.longest_wait},
      .session_policy = {settings.session.idle, settings.session.lifetime},
      .cookies = make_cookie_names(settings),
      .quickstart = make_quickstart(settings),
      .password_cost = cost,
      .signing_alg = crypto::parse_alg(settings.tokens.signing_alg).value_or(crypto::Alg::ES256),
      .registration_open = config::registration_is_open(settings),
      .max_self_registered = settings.registration.max_clients,
      .loopback_issuer = config::issuer_is_loopback(settings),
      .pairwise_key = master_.derive("pairwise subject identifiers"),
      .sid_key = master_.derive("session names"),
      .logout_due = [this] { store_.driver().announce(store::kLogoutsTopic); },
      .demo_client_url = demo_client_url(settings),
      .metrics = std::shared_ptr<endpoints::Metrics>(metrics_, &metrics_->endpoints),
      .jwks_max_age = jwks_max_age(settings.keys.publish_ahead),
  });
}

void Node::make_admin(const config::Settings& settings, World world, crypto::PasswordCost cost) {
  operations_ = std::make_unique<admin::Operations>(admin::Deps{
      .store = store_,
      .keys = keys_,
      .master = master_,
      .hashing = world.hashing,
      .password_cost = cost,
      .policy = policy_,
      .signing_alg = settings.tokens.signing_alg,
      .publish_ahead = settings.keys.publish_ahead,
      .refusals = &refusals_,
      .backups = settings.store.url.reveal().empty()
                     ? std::make_shared<admin::Backups>(settings.data.directory)
                     : nullptr,
      .clock = world.clock,
      .random = world.random,
  });
}

void Node::make_routers(const config::Settings& settings, World world) {
  http::RouterOptions options;
  options.hosts = own_hosts(settings);
  options.tls = settings.issuer.starts_with("https://");
  options.hsts = options.tls && !config::issuer_is_loopback(settings);
  options.metrics = std::shared_ptr<http::Metrics>(metrics_, &metrics_->http);
  options.render_error = [deps = deps_.get()](const http::Request& request, unsigned status,
                                              const Error& error, bool html) {
    return endpoints::render_error(*deps, request, status, error, html);
  };
  router_ = std::make_unique<http::Router>(options, world.clock, world.random, world.log, refusals_,
                                           limiter_);
  endpoints::add_routes(*router_, *deps_);

  http::RouterOptions admin_options;
  admin_options.node = "m";
  admin_options.render_error = options.render_error;
  admin_router_ = std::make_unique<http::Router>(admin_options, world.clock, world.random,
                                                 world.log, refusals_, limiter_);
  admin::add_routes(*admin_router_, *operations_);
}

// Its own requests are not counted: whoever looks shall not see himself.
void Node::make_metrics_router(World world) {
  exposition_ = std::make_unique<Exposition>(*metrics_, *deps_);
  http::RouterOptions options;
  options.node = "o";
  metrics_router_ = std::make_unique<http::Router>(options, world.clock, world.random, world.log,
                                                   refusals_, limiter_);
  endpoints::add_health_routes(*metrics_router_, *deps_);
  http::Route route;
  route.path = "/metrics";
  route.handler = [exposition = exposition_.get()](const http::Request&) {
    return serve_metrics(*exposition);
  };
  metrics_router_->add(std::move(route));
}

}  // namespace claviger::app
