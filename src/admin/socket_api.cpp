#include "admin/socket_api.hpp"

#include <unistd.h>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/reasons/admin.hpp"

namespace claviger::admin {

namespace json = boost::json;

namespace {

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::temporarily_unavailable:
      return 503;
    default:
      return 400;
  }
}

// Operators see everything: what was expected and what came are free of secrets.
http::Response failure(const Error& error) {
  const auto& reason = *error.reason;
  auto response =
      http::json_response(status_of(reason.code), {{"error", to_string(reason.code)},
                                                   {"error_description", reason.description},
                                                   {"reason", reason.id},
                                                   {"clause", reason.clause},
                                                   {"expected", error.expected},
                                                   {"came", error.came},
                                                   {"detail", reason.mend}});
  response.refusal = error;
  return response;
}

// The kernel's word on who is at the other end (SO_PEERCRED), not the caller's.
bool is_allowed(const http::Request& request) {
  return request.over_unix_socket &&
         (request.peer_uid == 0 || request.peer_uid == static_cast<std::uint32_t>(::geteuid()));
}

Task<http::Response> serve(Operations& operations, std::string operation,
                           const http::Request& request) {
  if (!is_allowed(request)) co_return failure(refuse(reason::admin_foreign_peer));
  auto document = parse_json(request.body, limits::kAdminBytes);
  if (!document || !document->is_object()) co_return failure(refuse(reason::admin_not_json));
  try {
    auto answer = co_await operations.call(std::move(operation), std::move(document->as_object()));
    if (!answer) co_return failure(answer.error());
    co_return http::json_response(200, *answer);
  } catch (const store::Unavailable& unavailable) {
    throw http::TemporarilyUnavailable(unavailable.what());
  }
}

}  // namespace

void add_routes(http::Router& router, Operations& operations) {
  // Routes keep a view of their path.
  static const std::vector<std::string> paths = [] {
    std::vector<std::string> out;
    for (const auto name : Operations::names()) out.push_back("/v1/" + std::string(name));
    return out;
  }();
  for (const auto& path : paths) {
    http::Route route;
    route.method = http::Method::post;
    route.path = path;
    route.body = http::Body::json;
    route.body_limit = limits::kAdminBytes;
    const auto operation = path.substr(4);
    route.handler = [&operations, operation](const http::Request& request) {
      return serve(operations, operation, request);
    };
    router.add(std::move(route));
  }
}

}  // namespace claviger::admin
