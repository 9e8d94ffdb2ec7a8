#include "endpoints/request_object.hpp"

#include "base/limits.hpp"
#include "base/reasons/request_object.hpp"
#include "endpoints/client_keys.hpp"

namespace claviger::endpoints {

namespace {

constexpr std::string_view kBlank = " \t\r\n";

// A file often ends in a line break, which is no part of the JWT.
std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

Task<Result<std::string>> fetch_jwt(const Deps& deps, std::string url) {
  outbound::Request request;
  request.url = url;
  request.headers.emplace_back("accept", "application/oauth-authz-req+jwt, application/jwt");
  const auto fetched = co_await deps.fetch(std::move(request));
  if (!fetched) {
    co_return refused(reason::request_uri_unreachable, url,
                      std::string(outbound::to_string(fetched.error())));
  }
  if (fetched->status != 200 || fetched->body.size() > limits::kRequestObjectBytes) {
    co_return refused(reason::request_uri_unreachable, url,
                      "status " + std::to_string(fetched->status));
  }
  co_return std::string(trim(fetched->body));
}

}  // namespace

Task<Result<Form>> open_request_object(const Deps& deps, protocol::RequestObject object, Form outer,
                                       Client client) {
  if (!object.url.empty()) {
    auto fetched = co_await fetch_jwt(deps, object.url);
    if (!fetched) co_return std::unexpected(std::move(fetched.error()));
    object.jwt = std::move(*fetched);
  }
  const auto keys = co_await find_client_keys(deps, client, protocol::named_key(object.jwt));
  if (!keys) co_return refused(reason::request_object_no_keys);
  const auto verified = protocol::verify_request_object(object.jwt, *keys, client);
  if (!verified) co_return std::unexpected(verified.error());
  co_return protocol::merge_request_object(outer, *verified, client, deps.policy, deps.clock.now());
}

}  // namespace claviger::endpoints
