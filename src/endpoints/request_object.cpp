#include "endpoints/request_object.hpp"

#include "base/limits.hpp"
#include "base/reasons/request_object.hpp"
#include "base/text.hpp"
#include "endpoints/client_keys.hpp"
#include "endpoints/document.hpp"

namespace claviger::endpoints {

namespace {

Task<Result<std::string>> fetch_jwt(const Deps& deps, std::string url, std::string client_id) {
  DocumentOrder order{url, "application/oauth-authz-req+jwt, application/jwt",
                      limits::kRequestObjectBytes, std::move(client_id)};
  const auto document = co_await fetch_document(deps, std::move(order));
  if (!document) co_return refused(reason::request_uri_unreachable, url, document.error());
  // A file often ends in a line break, which is no part of the JWT.
  co_return std::string(trim(document->body, " \t\r\n"));
}

}  // namespace

Task<Result<Form>> open_request_object(const Deps& deps, protocol::RequestObject object, Form outer,
                                       Client client) {
  if (!object.url.empty()) {
    auto fetched = co_await fetch_jwt(deps, object.url, client.client_id);
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
