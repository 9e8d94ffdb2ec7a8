#include "pages/values.hpp"

#include <stdexcept>

namespace claviger::pages {
namespace {

using kainjow::mustache::list;

bool is_own_path(std::string_view address) {
  return address.starts_with('/') && !address.starts_with("//");
}

// Where a browser may be sent on to by a script or a link: the web, a path of ours, or a native app
// whose private scheme is a domain name reversed (RFC8252-7.1). What executes ("javascript:",
// "data:") has no dot in its scheme.
bool is_way_on(std::string_view address) {
  if (is_own_path(address) || is_web_address(address)) return true;
  return address.substr(0, address.find(':')).find('.') != std::string_view::npos &&
         address.find(':') < address.find_first_of("/?#");
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

bool is_web_address(std::string_view address) {
  return address.starts_with("https://") || address.starts_with("http://");
}

void set_text(Values& values, const std::string& name, const std::string& text) {
  values.set(name, text);
  values.set("has_" + name, !text.empty());
}

void set_link(Values& values, const std::string& name, const std::string& address) {
  const bool link = is_own_path(address) || is_web_address(address);
  set_text(values, name, link ? address : std::string{});
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

// A response that can't be sent by a form of the web was let through by a broken rule, and a script
// address would run in our origin (XS-03).
Values form_post_values(const FormPostView& view) {
  if (!is_web_address(view.action)) throw std::invalid_argument("form_post to no web address");
  Values values;
  values.set("action", view.action);
  list fields;
  for (const auto& [name, value] : view.fields) {
    Values field;
    field.set("name", name);
    field.set("value", value);
    fields.push_back(field);
  }
  values.set("fields", fields);
  return values;
}

Values logout_values(const LogoutView& view) {
  Values values;
  values.set("csrf", view.csrf);
  set_text(values, "person", view.person);
  set_text(values, "txn", view.txn);
  set_text(values, "client_name", view.client_name);
  return values;
}

Values logout_frames_values(const LogoutFramesView& view) {
  Values values;
  list frames;
  for (const auto& address : view.frames) {
    if (!is_web_address(address)) continue;
    Values frame;
    frame.set("address", address);
    frames.push_back(frame);
  }
  values.set("frames", frames);
  set_text(values, "next", is_way_on(view.next) ? view.next : "/logout/done");
  return values;
}

Values logged_out_values(const LoggedOutView& view) {
  Values values;
  set_text(values, "client_name", view.client_name);
  set_text(values, "return_to", is_way_on(view.return_to) ? view.return_to : std::string{});
  return values;
}

Values check_session_values(std::string_view op_state_cookie) {
  Values values;
  values.set("op_state_cookie", std::string(op_state_cookie));
  return values;
}

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
    auto name = asset.path.substr(asset.path.rfind('/') + 1);
    const auto kind = name.substr(name.rfind('.') + 1);
    name = name.substr(0, name.find('.'));
    values.set("asset_" + std::string(name) + "_" + std::string(kind), std::string(asset.path));
  }
}

}  // namespace claviger::pages
