// One table from method and path to handler. Everything that every handler would otherwise have to
// remember is a column: body kind and limit, CORS, caching, rate class. Tests call serve() with a
// value.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/refusals.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "http/handler_places.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "http/rate_limiter.hpp"

namespace claviger::http {

enum class Body {
  none,          // a request with a body is refused (HT-08)
  form,          // application/x-www-form-urlencoded; an empty body without Content-Type is fine
  form_or_json,  // either
  json,
  ignored,  // whatever came is not looked at (the seed's POST /api)
};
enum class Cors {
  never,       // /authorize and every page (CI-32): no Access-Control-* header, preflight 405
  any_origin,  // public documents: `*`, no credentials
  bearer,      // APIs under a token or client authentication: `*`, never with credentials,
               // Authorization allowed
};
enum class Cache { no_store, revalidate /* public, ETag, short max-age */, immutable };

using Handler = std::function<Task<Response>(const Request&)>;

struct Route {
  Method method = Method::get;
  std::string_view path;
  Handler handler;
  Body body = Body::none;
  std::size_t body_limit = 0;
  Cors cors = Cors::never;
  Cache cache = Cache::no_store;
  RateClass rate = RateClass::none;
  bool html = false;  // a page: errors are pages too, and cross-site non-navigations are refused
                      // (Fetch metadata)
  std::string_view name;         // in the metrics; empty: the path
  bool cross_site_post = false;  // a page that other sites may post to: /authorize (OIDCC-3.1.2.1)
  bool probe = false;            // answered however busy the server is
};

struct RouterOptions {
  std::vector<std::string> hosts;  // acceptable Host values, lower case, with port where it isn't
                                   // the scheme's; empty: any
  bool tls = false;                // responses carry HSTS when `hsts`
  bool hsts = false;
  bool access_log = false;  // every request at info; otherwise the successful ones at debug
  std::string node = "a";   // first characters of every request id
  std::shared_ptr<Metrics> metrics;  // nothing: its own, which nobody sees
  HandlerPlaces::Limits handler_limits = kHandlerLimits;
  // The body of an error that arises before or around a handler (404, 413, 500 ...), for pages and
  // for data.
  std::function<Response(const Request&, unsigned status, const Error&, bool html)> render_error;
};

class Router {
 public:
  Router(RouterOptions options, const Clock& clock, Random& random, Log& log, Refusals& refusals,
         RateLimiter& limiter);

  // A body limit left at zero becomes limits::kFormBytes, unless the route takes no body.
  void add(Route route);
  // How many bytes of body this request may have; nothing: no such route (any body is refused).
  std::optional<std::size_t> body_limit(std::string_view method, std::string_view path) const;
  // By how much longer than a program a request may wait to be read and is still worth an answer;
  // zero: however long.
  unsigned patience(std::string_view method, std::string_view path) const;
  // Never throws: an exception of a handler is logged and answered 503 (Unavailable-like) or 500.
  // Fills in Request::id if empty, and every header that the columns say.
  Task<Response> serve(Request request);
  // The answer to a request that can't be served: refused by the framing guard, too large, too
  // slow. Remembered and logged like every refusal.
  Response refuse(Request request, unsigned status, Error error);
  // From any thread: the node's name and 96 random bits in base64url.
  std::string new_request_id() const;

 private:
  struct Path {
    std::vector<Route> routes;
    RouteMetrics* metrics = nullptr;
  };
  struct Place {
    const Path* path = nullptr;
    const Route* route = nullptr;
  };
  // Lets a path be looked up without a copy of it.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  void complete(Request& request);
  Place find(std::string_view method, std::string_view path) const;
  Task<Response> dispatch(const Request& request, Place place);
  std::optional<Response> answer_without_handler(const Request& request, Place place);
  std::optional<Response> answer_options(const Request& request, const Path& path) const;
  Response crowded_out(const Request& request, const Route& route) const;
  Response render(const Request& request, const Route* route, unsigned status, Error error) const;
  void finish(const Request& request, Place place, Response& response) const;
  void report(const Request& request, Place place, const Response& response);

  RouterOptions options_;
  const Clock& clock_;
  Random& random_;
  Log& log_;
  Refusals& refusals_;
  RateLimiter& limiter_;
  HandlerPlaces handler_places_;
  std::unordered_map<std::string, Path, TextHash, std::equal_to<>> paths_;
};

// A handler throws this (or something derived) when the world is broken for now: 503 with
// Retry-After. store::Unavailable is translated to it in endpoints/, which knows both.
class TemporarilyUnavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace claviger::http
