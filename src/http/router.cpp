#include "http/router.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "base/reasons/http.hpp"
#include "http/request_checks.hpp"
#include "http/response_headers.hpp"
#include "http/response_writer.hpp"

namespace claviger::http {
namespace {

constexpr std::size_t kIdBytes = 12;
constexpr std::size_t kLoggedPathBytes = 200;
// Somebody who looks at a page rather waits two seconds than reads that the server is busy.
constexpr unsigned kPatienceOfPeople = 10;

// Used when the options bring no renderer: the error as OAuth's endpoints say it (RFC6749-5.2).
Response plain_error(const Request& request, unsigned status, const Error& error) {
  return json_response(status, {{"error", to_string(error.code())},
                                {"error_description", error.reason->description},
                                {"request_id", request.id}});
}

bool wants_html(const Request& request, const Route* route) {
  if (route != nullptr) return route->html;
  const auto accept = request.headers.find("Accept");
  return accept && accept->find("text/html") != std::string_view::npos;
}

std::string allowed_methods(const std::vector<Route>& routes) {
  std::string out;
  for (const auto& route : routes) {
    if (!out.empty()) out += ", ";
    out += to_string(route.method);
    if (route.method == Method::get) out += ", HEAD";
  }
  if (routes.front().cors != Cors::never) out += ", OPTIONS";
  return out;
}

std::string milliseconds(Duration duration) {
  return fmt::format("{:.3f}", std::chrono::duration<double, std::milli>(duration).count());
}

}  // namespace

Router::Router(RouterOptions options, const Clock& clock, Random& random, Log& log,
               Refusals& refusals, RateLimiter& limiter)
    : options_(std::move(options)),
      clock_(clock),
      random_(random),
      log_(log),
      refusals_(refusals),
      limiter_(limiter),
      handler_places_(options_.handler_limits) {
  if (!options_.metrics) options_.metrics = std::make_shared<Metrics>();
}

void Router::add(Route route) {
  if (route.body == Body::none) route.body_limit = 0;
  if (route.body != Body::none && route.body_limit == 0) route.body_limit = limits::kFormBytes;
  auto& path = paths_[std::string(route.path)];
  path.metrics = &options_.metrics->route(route.name.empty() ? route.path : route.name);
  path.routes.push_back(std::move(route));
}

Router::Place Router::find(std::string_view method, std::string_view path) const {
  const auto found = paths_.find(path);
  if (found == paths_.end()) return {};
  const auto serves = [&](std::string_view wanted) {
    const auto& routes = found->second.routes;
    const auto route = std::ranges::find_if(
        routes, [&](const Route& candidate) { return to_string(candidate.method) == wanted; });
    return route == routes.end() ? nullptr : &*route;
  };
  const Route* route = serves(method);
  if (route == nullptr && method == "HEAD") route = serves("GET");
  return {&found->second, route};
}

std::optional<std::size_t> Router::body_limit(std::string_view method,
                                              std::string_view path) const {
  const auto place = find(method, path);
  if (place.route == nullptr) return std::nullopt;
  return place.route->body_limit;
}

unsigned Router::patience(std::string_view method, std::string_view path) const {
  const auto place = find(method, path);
  if (place.route == nullptr) return 1;
  if (place.route->probe) return 0;
  return place.route->html ? kPatienceOfPeople : 1;
}

std::string Router::new_request_id() const {
  auto id = options_.node;
  base64url_append(id, random_.bytes<kIdBytes>());
  return id;
}

void Router::complete(Request& request) {
  if (request.id.empty()) request.id = new_request_id();
  if (request.arrived == Time{}) request.arrived = clock_.now();
  // A request made by hand may have set only one of the two.
  if (to_string(request.method) != request.method_text &&
      parse_method(request.method_text) != request.method)
    request.method_text = to_string(request.method);
}

Task<Response> Router::serve(Request request) {
  complete(request);
  const auto place = find(request.method_text, request.path);
  Response response = co_await dispatch(request, place);
  finish(request, place, response);
  report(request, place, response);
  co_return response;
}

Response Router::refuse(Request request, unsigned status, Error error) {
  complete(request);
  const auto place = find(request.method_text, request.path);
  Response response = render(request, place.route, status, std::move(error));
  finish(request, place, response);
  report(request, place, response);
  return response;
}

Task<Response> Router::dispatch(const Request& request, Place place) {
  try {
    auto answered = answer_without_handler(request, place);
    if (answered) co_return std::move(*answered);
    const auto held = handler_places_.take(place.route->rate);
    if (!held) co_return crowded_out(request, *place.route);
    co_return co_await place.route->handler(request);
  } catch (const TemporarilyUnavailable& failure) {
    log_.write(LogLevel::warning, "http.unavailable",
               {{"request_id", request.id}, {"path", request.path}, {"what", failure.what()}});
    co_return render(request, place.route, 503, claviger::refuse(reason::http_unavailable));
  } catch (const std::exception& failure) {
    log_.write(LogLevel::error, "http.failed",
               {{"request_id", request.id}, {"path", request.path}, {"what", failure.what()}});
  } catch (...) {
    log_.write(LogLevel::error, "http.failed",
               {{"request_id", request.id}, {"path", request.path}, {"what", "unknown"}});
  }
  co_return render(request, place.route, 500, claviger::refuse(reason::http_failed));
}

std::optional<Response> Router::answer_without_handler(const Request& request, Place place) {
  const Route* route = place.route;
  if (auto refusal = judge_host(request, options_.hosts))
    return render(request, route, refusal->status, std::move(refusal->error));
  if (place.path == nullptr)
    return render(request, nullptr, 404, claviger::refuse(reason::http_not_found));
  if (route == nullptr) {
    if (auto options = answer_options(request, *place.path)) return options;
    const auto allow = allowed_methods(place.path->routes);
    auto response = render(request, &place.path->routes.front(), 405,
                           claviger::refuse(reason::http_method, allow, request.method_text));
    response.headers.set("Allow", allow);
    return response;
  }
  const auto& address = request.client_ip.empty() ? request.peer : request.client_ip;
  const bool exempt = request.peer_is_loopback && address == request.peer;
  const auto wait = exempt ? std::nullopt : limiter_.take(route->rate, address, request.arrived);
  if (wait) {
    auto response = render(request, route, 429, claviger::refuse(reason::http_too_many_requests));
    response.headers.set("Retry-After", std::to_string(*wait));
    return response;
  }
  auto refusal = judge_fetch_metadata(request, *route);
  if (!refusal) refusal = judge_body(request, *route);
  if (refusal) return render(request, route, refusal->status, std::move(refusal->error));
  return std::nullopt;
}

Response Router::crowded_out(const Request& request, const Route& route) const {
  options_.metrics->requests_crowded_out.add();
  return render(request, &route, 503, claviger::refuse(reason::http_class_full));
}

std::optional<Response> Router::answer_options(const Request& request, const Path& path) const {
  if (request.method != Method::options) return std::nullopt;
  std::string methods;
  Cors cors = Cors::never;
  for (const auto& route : path.routes) {
    if (route.cors == Cors::never) continue;
    if (!methods.empty()) methods += ", ";
    methods += to_string(route.method);
    if (cors != Cors::bearer) cors = route.cors;
  }
  if (cors == Cors::never) return std::nullopt;
  auto response = preflight(cors, methods);
  response.headers.add("Allow", allowed_methods(path.routes));
  return response;
}

Response Router::render(const Request& request, const Route* route, unsigned status,
                        Error error) const {
  Response response;
  if (options_.render_error)
    response = options_.render_error(request, status, error, wants_html(request, route));
  else
    response = plain_error(request, status, error);
  response.status = status;
  response.refusal = std::move(error);
  if (status == 503) response.headers.set("Retry-After", "1");
  return response;
}

void Router::finish(const Request& request, Place place, Response& response) const {
  if (!is_sendable(response)) {
    // XS-08: a line break in a header value would begin a second answer of a stranger's making.
    response = plain_error(request, 500, claviger::refuse(reason::http_unsafe_header));
    response.refusal = claviger::refuse(reason::http_unsafe_header);
  }
  response.headers.set("X-Request-Id", request.id);
  const Route* route = place.route;
  add_cache_headers(request, route ? route->cache : Cache::no_store, response);
  add_security_headers(response, options_.tls && options_.hsts);
  if (route == nullptr && place.path != nullptr) route = &place.path->routes.front();
  add_cors_headers(route ? route->cors : Cors::never, response);
}

void Router::report(const Request& request, Place place, const Response& response) {
  const Duration took = clock_.now() - request.arrived;
  auto& counted = place.path == nullptr ? options_.metrics->unmatched : *place.path->metrics;
  counted.count(request.method, response.status, response.refusal, took);
  if (response.refusal) {
    // A stranger's path is no endpoint: else each of a thousand guesses would fill a place of its
    // own.
    const auto path = place.path == nullptr ? std::string("(no such path)") : request.path;
    const auto& error = *response.refusal;
    Refusal refusal{request.id,
                    request.arrived,
                    request.method_text + " " + path,
                    response.client_id,
                    static_cast<int>(response.status),
                    error};
    log_.write(LogLevel::notice, "http.refused",
               {{"request_id", request.id},
                {"endpoint", refusal.endpoint},
                {"status", std::to_string(response.status)},
                {"reason", std::string(error.reason->id)},
                {"expected", error.expected},
                {"came", error.came},
                {"client_id", response.client_id}});
    refusals_.remember(std::move(refusal));
  }
  const bool shown = options_.access_log || response.status >= 500;
  const auto level = shown ? LogLevel::info : LogLevel::debug;
  if (!log_.shows(level)) return;
  log_.write(level, "http.request",
             {{"request_id", request.id},
              {"method", request.method_text},
              {"path", request.path.substr(0, kLoggedPathBytes)},
              {"status", std::to_string(response.status)},
              {"milliseconds", milliseconds(took)},
              {"client_id", response.client_id}});
}

}  // namespace claviger::http
