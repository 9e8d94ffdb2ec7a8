#include "endpoints/health.hpp"

namespace claviger::endpoints {

namespace json = boost::json;

Task<http::Response> serve_livez(const Deps&, const http::Request&) {
  co_return http::json_response(200, {{"status", "alive"}});
}

Task<http::Response> serve_readyz(const Deps& deps, const http::Request&) {
  std::string database = "ok";
  try {
    co_await deps.store.server_keys.all();
    if (!deps.store.driver().writable()) database = "not writable";
  } catch (const store::Unavailable&) {
    database = "unavailable";
  }
  const auto ring = deps.keys.current();
  const bool keys = ring && ring->signing_key(deps.signing_alg, deps.clock.now()) != nullptr;
  const bool ready = database == "ok" && keys;
  json::object checks{{"database", database}, {"keys", keys ? "ok" : "missing"}};
  co_return http::json_response(ready ? 200 : 503,
                                {{"status", ready ? "ready" : "not ready"}, {"checks", checks}});
}

}  // namespace claviger::endpoints
