#include "protocol/logout/request.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/reasons/logout.hpp"
#include "base/text.hpp"

namespace claviger::protocol {
namespace {

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::string shown(const std::vector<std::string>& uris) {
  std::string text;
  for (const auto& uri : uris) text += (text.empty() ? "" : " ") + uri;
  return excerpt(text);
}

}  // namespace

bool LogoutParameters::empty() const {
  return id_token_hint.empty() && client_id.empty() && post_logout_redirect_uri.empty() &&
         ui_locales.empty() && !state;
}

Result<LogoutParameters> parse_logout_request(const Form& form) {
  const auto text = [&](std::string_view name) { return std::string(form.get(name).value_or("")); };
  for (const char* name :
       {"id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"}) {
    if (form.repeated(name)) return refused(reason::logout_parameter_repeated, {}, name);
  }
  LogoutParameters parameters;
  parameters.id_token_hint = text("id_token_hint");
  parameters.client_id = text("client_id");
  parameters.post_logout_redirect_uri = text("post_logout_redirect_uri");
  parameters.ui_locales = text("ui_locales").substr(0, limits::kUserFieldBytes);
  if (const auto state = form.get("state")) {
    if (state->size() > limits::kStateBytes || !is_printable(*state)) {
      return refused(reason::logout_state_malformed);
    }
    parameters.state = std::string(*state);
  }
  return parameters;
}

Result<std::optional<std::string>> name_logout_client(const LogoutParameters& parameters,
                                                      const std::optional<IdTokenHint>& hint) {
  if (parameters.client_id.size() > limits::kClientIdBytes) {
    return refused(reason::logout_client_unknown);
  }
  if (!hint) {
    if (parameters.client_id.empty()) return std::nullopt;
    return parameters.client_id;
  }
  if (!parameters.client_id.empty() && parameters.client_id != hint->client_id) {
    return refused(reason::logout_client_mismatch, hint->client_id, excerpt(parameters.client_id));
  }
  return hint->client_id;
}

Result<LogoutRequest> judge_logout_request(const LogoutParameters& parameters,
                                           const std::optional<IdTokenHint>& hint,
                                           const Client* client) {
  const bool named = hint || !parameters.client_id.empty();
  if (named && (!client || client->disabled)) return refused(reason::logout_client_unknown);
  LogoutRequest request;
  request.ui_locales = parameters.ui_locales;
  if (!client) return request;  // a URI that belongs to nobody leads nowhere (OX-03)
  request.client_id = client->client_id;
  if (hint) request.hint = HintedSession{hint->sub, hint->sid};
  if (parameters.post_logout_redirect_uri.empty()) return request;
  const auto target = match_post_logout_uri(*client, parameters.post_logout_redirect_uri);
  if (!target) return std::unexpected(target.error());
  request.post_logout_redirect_uri = target->uri();
  request.state = parameters.state;
  return request;
}

Result<RedirectTarget> match_post_logout_uri(const Client& client, std::string_view requested) {
  const auto& registered = client.post_logout_redirect_uris;
  if (std::ranges::find(registered, requested) == registered.end()) {
    return refused(reason::logout_uri_mismatch, shown(registered), excerpt(requested));
  }
  return RedirectTarget(std::string(requested));
}

LogoutStep decide_logout(const LogoutRequest& request, const std::optional<SeenSession>& session) {
  if (!session) return LogoutStep::go_on;
  if (!request.hint || request.hint->sub != session->sub) return LogoutStep::ask_person;
  // A token of an earlier session proves that somebody was here once, not that it is them who ask.
  if (request.hint->sid && *request.hint->sid != session->sid) return LogoutStep::ask_person;
  return LogoutStep::end_session;
}

std::optional<RedirectTarget> find_logout_target(const LogoutRequest& request, const Client* client,
                                                 bool confirmed) {
  if (request.post_logout_redirect_uri.empty() || !client || client->disabled) return std::nullopt;
  if (!request.hint && !confirmed) return std::nullopt;
  auto target = match_post_logout_uri(*client, request.post_logout_redirect_uri);
  if (!target) return std::nullopt;
  return std::move(*target);
}

Parameters logout_parameters(const LogoutRequest& request) {
  if (!request.state) return {};
  return {{"state", *request.state}};
}

}  // namespace claviger::protocol
