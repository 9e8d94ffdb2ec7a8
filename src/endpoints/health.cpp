#include "endpoints/health.hpp"

namespace claviger::endpoints {

namespace json = boost::json;

Task<http::Response> serve_livez(const Deps&, const http::Request&) {
  co_return http::json_response(200, {{"status", "alive"}});
}

Task<http::Response> serve_readyz(const Deps& deps, const http::Request&) {
  bool database = true;
  try {
    const auto keys = co_await deps.store.server_keys.all();
    database = !keys.empty();
  } catch (const store::Unavailable&) {
    database = false;
  }
  const auto ring = deps.keys.current();
  const bool keys = ring && ring->signing_key(deps.signing_alg, deps.clock.now()) != nullptr;
  const bool ready = database && keys;
  json::object checks{{"database", database ? "ok" : "unavailable"},
                      {"keys", keys ? "ok" : "missing"}};
  co_return http::json_response(ready ? 200 : 503,
                                {{"status", ready ? "ready" : "not ready"}, {"checks", checks}});
}

}  // namespace claviger::endpoints
