// GET /livez, /readyz and /startupz: is the process alive, and can it serve now?
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::http {
class Router;
}

namespace claviger::endpoints {

enum class DatabaseState { ok, unavailable, silent, not_writable, damaged, newer_schema };

// One read that every engine answers at once. `silent` is for whoever waits for it.
Task<DatabaseState> look_at_database(store::Store& store);

Task<http::Response> serve_livez(const Deps& deps, const http::Request& request);
// 503 while requests would fail or should go elsewhere. A clock that is off is somebody's to look
// at, and no reason to send every client away: that is 200 and "degraded" (T-29, T-30).
Task<http::Response> serve_readyz(const Deps& deps, const http::Request& request);
// What serves has started.
Task<http::Response> serve_startupz(const Deps& deps, const http::Request& request);

// For the listener of the metrics: these, and the names that other servers have for them.
void add_health_routes(http::Router& router, const Deps& deps);

}  // namespace claviger::endpoints
