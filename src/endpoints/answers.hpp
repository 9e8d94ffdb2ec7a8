// How a refusal leaves the house: as JSON, as a page, or by redirect to the client.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>

#include "base/json_writer.hpp"
#include "endpoints/deps.hpp"
#include "http/message.hpp"
#include "model/client.hpp"
#include "model/redirect_target.hpp"

namespace claviger::endpoints {

// The status that belongs to an error where no other rule says so.
unsigned status_of(ErrorCode code);

// {"status":"SUCCESS", ...}: the contract's form, `members` behind it.
http::Response success(boost::json::object members);
// The same of members that are written as they come: begun here, the rest is the caller's.
JsonWriter begun_success();
http::Response finished(JsonWriter body);
// {"status":"FAILURE","error":...,"error_description":...,"request_id":...} (RFC6749-5.2).
http::Response failure(const http::Request& request, const Error& error,
                       std::string client_id = {});

// 400 on our own origin, never a redirect, nothing of the request echoed.
http::Response error_page(const Deps& deps, const http::Request& request, const Error& error,
                          const Client* client = nullptr);
// A stale, finished or foreign transaction: says so and where to begin again.
http::Response restart_page(const Deps& deps, const http::Request& request, const Error& error);

// An authorization response: a redirect, or a form that sends itself (OIDCM-2.1, OIDCFP-2).
http::Response answer_client(const Deps& deps, const http::Request& request,
                             const RedirectTarget& target, ResponseMode mode,
                             Parameters parameters);
// The refusal as an authorization error response at the client (RFC6749-4.1.2.1).
http::Response send_error(const Deps& deps, const http::Request& request,
                          const RedirectTarget& target, ResponseMode mode,
                          const std::optional<std::string>& state, const Error& error,
                          const Client& client);

pages::Locale locale_of(const http::Request& request, std::string_view ui_locales = {});
pages::ClientView client_view(const Client& client, std::string_view redirect_uri);
// Where this refusal is told in full; empty unless the issuer is loopback.
std::string explain_url(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
