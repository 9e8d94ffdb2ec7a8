#include "endpoints/answers.hpp"

#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/authorize/response.hpp"

namespace claviger::endpoints {

namespace json = boost::json;

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_client:
    case ErrorCode::invalid_token:
      return 401;
    case ErrorCode::insufficient_scope:
    case ErrorCode::registration_closed:
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::method_not_allowed:
      return 405;
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::payload_too_large:
      return 413;
    case ErrorCode::unsupported_media_type:
      return 415;
    case ErrorCode::misdirected_request:
      return 421;
    case ErrorCode::login_failed:
      return 422;
    case ErrorCode::too_many_requests:
      return 429;
    case ErrorCode::server_error:
      return 500;
    case ErrorCode::temporarily_unavailable:
      return 503;
    default:
      return 400;
  }
}

http::Response success(json::object members) {
  json::object body{{"status", "SUCCESS"}};
  for (auto& [name, value] : members) body[name] = std::move(value);
  return http::json_response(200, body);
}

JsonWriter begun_success() {
  JsonWriter body;
  body.text("status", "SUCCESS");
  return body;
}

http::Response finished(JsonWriter body) {
  http::Response response;
  response.content_type = "application/json";
  response.body = std::move(body).finish();
  return response;
}

http::Response failure(const http::Request& request, const Error& error, std::string client_id) {
  json::object body{{"status", "FAILURE"},
                    {"error", to_string(error.code())},
                    {"error_description", error.reason->description},
                    {"request_id", request.id}};
  auto response = http::json_response(status_of(error.code()), body);
  response.refusal = error;
  response.client_id = std::move(client_id);
  return response;
}

std::string explain_url(const Deps& deps, const http::Request& request) {
  if (!deps.loopback_issuer) return {};
  return deps.policy.issuer + "/explain?request_id=" + request.id;
}

pages::Locale locale_of(const http::Request& request, std::string_view ui_locales) {
  return pages::choose_locale(ui_locales, request.headers.find("accept-language").value_or(""));
}

pages::ClientView client_view(const Client& client, std::string_view redirect_uri) {
  pages::ClientView view;
  view.name = client.name.empty() ? client.client_id : client.name;
  view.redirect_host = protocol::host_for_display(redirect_uri);
  view.on_this_device = protocol::is_loopback_uri(redirect_uri);
  view.unverified = client.registered_by == RegisteredBy::self;
  if (client.metadata.has_logo)
    view.logo_url = "/logo?client_id=" + percent_encode(client.client_id);
  view.policy_uri = client.metadata.policy_uri;
  view.tos_uri = client.metadata.tos_uri;
  return view;
}

namespace {

pages::ErrorView error_view(const Deps& deps, const http::Request& request, const Error& error,
                            const Client* client) {
  pages::ErrorView view;
  view.code = to_string(error.code());
  view.description = error.reason->description;
  view.request_id = request.id;
  view.explain_url = explain_url(deps, request);
  if (client != nullptr) view.client_name = client->name.empty() ? client->client_id : client->name;
  return view;
}

}  // namespace

http::Response error_page(const Deps& deps, const http::Request& request, const Error& error,
                          const Client* client) {
  const auto view = error_view(deps, request, error, client);
  auto response =
      http::html_response(400, deps.pages.error(view, locale_of(request)), http::Surface::page);
  response.refusal = error;
  if (client != nullptr) response.client_id = client->client_id;
  return response;
}

http::Response restart_page(const Deps& deps, const http::Request& request, const Error& error) {
  const auto view = error_view(deps, request, error, nullptr);
  auto response =
      http::html_response(400, deps.pages.restart(view, locale_of(request)), http::Surface::page);
  response.refusal = error;
  return response;
}

http::Response answer_client(const Deps& deps, const http::Request& request,
                             const RedirectTarget& target, ResponseMode mode,
                             Parameters parameters) {
  if (mode == ResponseMode::query) return http::redirect(http::Location(target, parameters));
  if (mode == ResponseMode::fragment) {
    return http::redirect(http::Location::with_fragment(target, parameters));
  }
  pages::FormPostView view;
  view.action = target.uri();
  view.fields = std::move(parameters);
  auto response = http::html_response(200, deps.pages.form_post(view, locale_of(request)),
                                      http::Surface::page_to_client);
  // The client may want to see in Origin who posts; of our address it learns nothing else.
  response.headers.set("Referrer-Policy", "origin");
  return response;
}

http::Response send_error(const Deps& deps, const http::Request& request,
                          const RedirectTarget& target, ResponseMode mode,
                          const std::optional<std::string>& state, const Error& error,
                          const Client& client) {
  auto parameters =
      protocol::error_parameters(error, state, deps.policy, explain_url(deps, request));
  auto response = answer_client(deps, request, target, mode, std::move(parameters));
  response.refusal = error;
  response.client_id = client.client_id;
  return response;
}

}  // namespace claviger::endpoints
