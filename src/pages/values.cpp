#include "pages/values.hpp"

#include <array>

namespace claviger::pages {
namespace {

using kainjow::mustache::list;

// Sets `name` and, for sections, `has_<name>`: to Mustache an empty string is true.
void set_text(Values& values, const std::string& name, const std::string& text) {
  values.set(name, text);
  values.set("has_" + name, !text.empty());
}

// A link of ours is a path or an http address; anything else ("javascript:") is no link.
void set_link(Values& values, const std::string& name, const std::string& address) {
  const bool path = address.starts_with('/') && !address.starts_with("//");
  const bool http = address.starts_with("https://") || address.starts_with("http://");
  set_text(values, name, path || http ? address : std::string{});
}

void set_client(Values& values, const ClientView& client) {
  values.set("client_name", client.name);
  set_text(values, "redirect_host", client.redirect_host);
  values.set("on_this_device", client.on_this_device);
  values.set("unverified", client.unverified);
}

// A wait needs no plural forms when written with unit symbols, which are the same everywhere.
std::string wait_text(int seconds) {
  if (seconds < 60) return std::to_string(seconds) + " s";
  return std::to_string((seconds + 59) / 60) + " min";
}

constexpr std::array<std::string_view, 5> kScopesInWords{"username", "email", "firstname",
                                                         "lastname", "phone"};

Values scope_values(const ScopeView& scope) {
  Values values;
  values.set("scope", scope.name);
  bool in_words = false;
  for (const auto known : kScopesInWords) {
    values.set("is_" + std::string(known), scope.name == known);
    in_words = in_words || scope.name == known;
  }
  values.set("is_other", !in_words);
  return values;
}

// What a person is told: whose fault it is and what to do. The code and its description stand
// below, for whoever can make use of them.
enum class Fault { app, busy, broken, too_fast, not_found, request };

Fault fault_of(std::string_view code) {
  if (code == "temporarily_unavailable") return Fault::busy;
  if (code == "server_error") return Fault::broken;
  if (code == "too_many_requests") return Fault::too_fast;
  if (code == "not_found") return Fault::not_found;
  for (const std::string_view ours : {"method_not_allowed", "misdirected_request", "conflict",
                                      "payload_too_large", "unsupported_media_type", "forbidden"}) {
    if (code == ours) return Fault::request;
  }
  return Fault::app;
}

}  // namespace

Values login_values(const LoginView& view) {
  Values values;
  set_client(values, view.client);
  values.set("txn", view.txn);
  values.set("username", view.username);
  values.set("failed", view.failed);
  values.set("waiting", view.wait_seconds.has_value());
  values.set("wait", wait_text(view.wait_seconds.value_or(0)));
  values.set("reauthenticate", view.reauthenticate);
  // Exactly one element of a page may have the focus when it opens.
  const bool alert = view.failed || view.wait_seconds.has_value();
  values.set("alert", alert);
  values.set("focus_username", !alert && view.username.empty());
  values.set("focus_password", !alert && !view.username.empty());
  return values;
}

Values consent_values(const ConsentView& view) {
  Values values;
  set_client(values, view.client);
  values.set("txn", view.txn);
  values.set("person", view.person);
  list scopes;
  for (const auto& scope : view.scopes) scopes.push_back(scope_values(scope));
  values.set("scopes", scopes);
  values.set("has_scopes", !view.scopes.empty());
  return values;
}

Values error_values(const ErrorView& view) {
  Values values;
  values.set("code", view.code);
  values.set("description", view.description);
  set_text(values, "request_id", view.request_id);
  set_link(values, "explain_url", view.explain_url);
  set_text(values, "client_name", view.client_name);
  const auto fault = fault_of(view.code);
  values.set("fault_app", fault == Fault::app);
  values.set("fault_busy", fault == Fault::busy);
  values.set("fault_broken", fault == Fault::broken);
  values.set("fault_too_fast", fault == Fault::too_fast);
  values.set("fault_not_found", fault == Fault::not_found);
  values.set("fault_request", fault == Fault::request);
  return values;
}

Values explain_values(const ExplainView& view) {
  Values values;
  values.set("reason", view.reason);
  values.set("code", view.code);
  values.set("description", view.description);
  set_text(values, "request_id", view.request_id);
  set_text(values, "when", view.when);
  set_text(values, "endpoint", view.endpoint);
  set_text(values, "client_id", view.client_id);
  set_text(values, "expected", view.expected);
  set_text(values, "came", view.came);
  set_text(values, "clause", view.clause);
  set_link(values, "clause_url", view.clause_url);
  set_text(values, "mend", view.mend);
  values.set("repeated", view.count > 1);
  values.set("count", std::to_string(view.count));
  return values;
}

Values logout_values(const LogoutView& view) {
  Values values;
  values.set("csrf", view.csrf);
  set_text(values, "person", view.person);
  return values;
}

Values logged_out_values(const LoggedOutView&) { return {}; }

Values home_values(const HomeView& view) {
  Values values;
  values.set("issuer", view.issuer);
  values.set("loopback", view.loopback);
  set_link(values, "demo_client_url", view.demo_client_url);
  set_text(values, "person", view.person);
  return values;
}

void set_frame_values(Values& values, Locale locale) {
  values.set("lang", std::string(tag(locale)));
  for (const auto& asset : assets()) {
    if (asset.path.ends_with(".css")) values.set("stylesheet", std::string(asset.path));
    if (asset.path.ends_with(".svg")) values.set("icon", std::string(asset.path));
  }
}

}  // namespace claviger::pages
