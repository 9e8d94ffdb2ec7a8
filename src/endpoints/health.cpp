#include "endpoints/health.hpp"

#include <fmt/format.h>

#include "http/router.hpp"
#include "store/release.hpp"

namespace claviger::endpoints {

namespace json = boost::json;

namespace {

using Serve = Task<http::Response> (*)(const Deps&, const http::Request&);

std::string_view word_of(DatabaseState state) {
  switch (state) {
    case DatabaseState::unavailable:
      return "unavailable";
    case DatabaseState::silent:
      return "does not answer";
    case DatabaseState::not_writable:
      return "not writable";
    case DatabaseState::damaged:
      return "damaged";
    case DatabaseState::ok:
    case DatabaseState::newer_schema:
      break;
  }
  return "ok";
}

std::string seconds(std::int64_t micros) {
  return fmt::format("{:.1f} s", static_cast<double>(micros) / 1e6);
}

// The first thing that is wrong with the clocks.
std::string clock_word(const Readiness& readiness) {
  if (readiness.clock_is_right()) return "ok";
  if (readiness.clock_jump != 0) return "jumped by " + seconds(readiness.clock_jump);
  const std::int64_t offset = readiness.clock_offset;
  if (std::abs(offset) > Readiness::kClockTolerance.count()) {
    return "off the database's by " + seconds(offset);
  }
  return "nodes differ by " + seconds(readiness.clock_spread);
}

bool has_signing_key(const Deps& deps) {
  const auto ring = deps.keys.current();
  return ring && ring->signing_key(deps.signing_alg, deps.clock.now()) != nullptr;
}

std::string_view standing(bool draining, bool able, bool clock) {
  if (draining) return "draining";
  if (!able) return "not ready";
  return clock ? "ready" : "degraded";
}

void add(http::Router& router, const Deps& deps, std::string_view path, Serve serve) {
  http::Route route;
  route.path = path;
  route.probe = true;
  route.handler = [serve, &deps](const http::Request& request) { return serve(deps, request); };
  router.add(std::move(route));
}

}  // namespace

Task<DatabaseState> look_at_database(store::Store& store) {
  try {
    const bool fits = co_await store::fits_this_release(store.driver());
    if (!fits) co_return DatabaseState::newer_schema;
  } catch (const store::Damaged&) {
    co_return DatabaseState::damaged;
  } catch (const store::Unavailable&) {
    co_return DatabaseState::unavailable;
  }
  if (!store.driver().damage().empty()) co_return DatabaseState::damaged;
  co_return store.driver().writable() ? DatabaseState::ok : DatabaseState::not_writable;
}

Task<http::Response> serve_livez(const Deps&, const http::Request&) {
  co_return http::json_response(200, {{"status", "alive"}});
}

Task<http::Response> serve_readyz(const Deps& deps, const http::Request&) {
  const auto database =
      deps.database_state ? deps.database_state() : co_await look_at_database(deps.store);
  const bool keys = has_signing_key(deps);
  const bool draining = deps.readiness->draining;
  const auto clock = clock_word(*deps.readiness);
  const bool able = database == DatabaseState::ok && keys;
  json::object checks{
      {"database", word_of(database)},
      {"migrations", database == DatabaseState::newer_schema ? "of a newer release" : "ok"},
      {"keys", keys ? "ok" : "missing"},
      {"clock", clock},
      {"draining", draining}};
  const json::object body{{"status", standing(draining, able, clock == "ok")}, {"checks", checks}};
  co_return http::json_response(able && !draining ? 200 : 503, body);
}

Task<http::Response> serve_startupz(const Deps&, const http::Request&) {
  co_return http::json_response(200, {{"status", "started"}});
}

void add_health_routes(http::Router& router, const Deps& deps) {
  add(router, deps, "/livez", serve_livez);
  add(router, deps, "/readyz", serve_readyz);
  add(router, deps, "/startupz", serve_startupz);
  add(router, deps, "/healthz", serve_readyz);
  add(router, deps, "/health", serve_readyz);
}

}  // namespace claviger::endpoints
