// Every page, with every part of it shown at least once: the tests go through all of them.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "pages/pages.hpp"

namespace claviger::pages::examples {

inline ClientView client() {
  return {.name = "Demo client",
          .redirect_host = "localhost:3000",
          .on_this_device = true,
          .unverified = true,
          .logo_url = {},
          .policy_uri = "https://demo.example/privacy",
          .tos_uri = "https://demo.example/terms"};
}

inline ClientView client_with_logo() {
  auto view = client();
  for (const auto& asset : assets()) {
    if (asset.path.ends_with(".svg")) view.logo_url = asset.path;
  }
  return view;
}

inline LoginView login() { return {.txn = "txn-1", .client = client()}; }

inline LoginView failed_login() {
  auto view = login();
  view.username = "ada@example.test";
  view.failed = true;
  view.wait_seconds = 45;
  view.reauthenticate = true;
  return view;
}

inline SignUpView sign_up() { return {.txn = "txn-1", .client = client()}; }

inline SignUpView failed_sign_up(std::string problem) {
  return {.txn = "txn-1",
          .client = client(),
          .username = "ada",
          .email = "ada@example.test",
          .firstname = "Ada",
          .lastname = "Lovelace",
          .problem = std::move(problem)};
}

inline AccountView account() { return {.txn = "txn-1", .client = client(), .person = "ada"}; }

inline DeviceEntryView failed_device_entry() {
  return {.csrf = "csrf-1", .user_code = "WDJB-MJHT", .failed = true, .wait_seconds = 45};
}

inline DeviceConfirmView device_confirm() {
  return {.txn_code = "WDJBMJHT",
          .csrf = "csrf-1",
          .user_code = "WDJB-MJHT",
          .client = client(),
          .requester = "192.0.2.17",
          .minutes_ago = 2,
          .person = "ada",
          .scopes = {{"openid"}, {"profile"}}};
}

inline FormPostView form_post() {
  return {.action = "https://app.example/callback",
          .fields = {{"code", "c0de"}, {"state", "xyz"}, {"iss", "http://localhost:2003"}}};
}

inline LogoutFramesView logout_frames() {
  return {.frames = {"https://app.example/out?iss=i&sid=s", "https://other.example/out"},
          .next = "/logout/done"};
}

inline ConsentView consent() {
  return {.txn = "txn-1",
          .client = client(),
          .person = "ada",
          .scopes = {{"openid"},
                     {"profile"},
                     {"username"},
                     {"email"},
                     {"firstname"},
                     {"lastname"},
                     {"phone"},
                     {"address"},
                     {"offline_access"},
                     {"calendar:read"}}};
}

inline ErrorView error(std::string code) {
  return {.code = std::move(code),
          .description = "the redirect_uri is not one of those registered for this client",
          .request_id = "a7Qk2mXw0aTz",
          .explain_url = "http://localhost:2003/explain?request_id=a7Qk2mXw0aTz",
          .client_name = "Demo client"};
}

inline ExplainView explain() {
  return {.request_id = "a7Qk2mXw0aTz",
          .when = "2026-11-22 13:05:07 UTC",
          .endpoint = "GET /authorize",
          .client_id = "demo",
          .reason = "authorize.redirect_uri_unknown",
          .code = "invalid_redirect_uri",
          .description = "the redirect_uri is not one of those registered for this client",
          .expected = "http://localhost:3000/callback",
          .came = "http://localhost:3000/callback/",
          .clause = "OAUTH21-4.1.1.3",
          .clause_url = "https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2",
          .mend = "Send the redirect URI exactly as it was registered, character by character.",
          .count = 3};
}

using Ids = std::vector<std::string>;

struct Example {
  std::string name;
  std::function<std::string(const Pages&, Locale)> render;
  Ids ids;  // which the page must have, each exactly once
};

template <class View>
Example example(std::string name, std::string (Pages::*render)(const View&, Locale) const,
                View view, Ids ids) {
  return {std::move(name),
          [render, view = std::move(view)](const Pages& pages, Locale locale) {
            return (pages.*render)(view, locale);
          },
          std::move(ids)};
}

inline std::vector<Example> of_signing_in() {
  const Ids login_ids{"username", "password", "login-submit", "login-cancel"};
  const Ids sign_up_ids{"username",      "email",         "password",
                        "signup-submit", "signup-cancel", "client-name"};
  const Ids logo_ids{"client-logo", "client-name", "client-policy", "client-tos", "login-signup"};
  const LoginView with_logo{.txn = "t", .client = client_with_logo(), .can_sign_up = true};
  return {
      example("login", &Pages::login, login(), login_ids),
      example("login_failed", &Pages::login, failed_login(), login_ids),
      example("login_with_logo", &Pages::login, with_logo, logo_ids),
      example("login_for_device", &Pages::login, LoginView{.txn = "t"}, login_ids),
      example("sign_up", &Pages::sign_up, sign_up(), sign_up_ids),
      example("sign_up_failed", &Pages::sign_up, failed_sign_up("signup.taken"), sign_up_ids),
      example("account", &Pages::account, account(),
              {"account-continue", "account-switch", "client-name"}),
  };
}

inline std::vector<Example> of_allowing() {
  const Ids consent_ids{"consent-approve", "consent-deny", "consent-switch", "client-name"};
  const Ids device_ids{"user-code", "device-submit"};
  const ConsentView plain{
      .txn = "t", .client = {.name = "Notes", .redirect_host = "notes.example"}, .person = "ada"};
  const DeviceDoneView approved{.approved = true, .client_name = "Demo client"};
  return {
      example("consent", &Pages::consent, consent(), consent_ids),
      example("consent_plain", &Pages::consent, plain, consent_ids),
      example("device_entry", &Pages::device_entry, DeviceEntryView{.csrf = "c"}, device_ids),
      example("device_entry_failed", &Pages::device_entry, failed_device_entry(), device_ids),
      example("device_confirm", &Pages::device_confirm, device_confirm(),
              {"device-approve", "device-deny", "device-code", "client-name"}),
      example("device_approved", &Pages::device_done, approved, {"device-done"}),
      example("device_denied", &Pages::device_done, DeviceDoneView{}, {"device-done"}),
  };
}

inline std::vector<Example> of_signing_out() {
  const Ids logout_ids{"logout-confirm", "logout-cancel"};
  const LogoutView of_person{.csrf = "csrf-1", .person = "ada"};
  const LogoutView of_app{.csrf = "c", .person = "ada", .txn = "t", .client_name = "Notes"};
  const LoggedOutView back{.client_name = "Notes", .return_to = "https://notes.example/"};
  return {
      example("logout", &Pages::logout, of_person, logout_ids),
      example("logout_of_app", &Pages::logout, of_app, logout_ids),
      example("logout_frames", &Pages::logout_frames, logout_frames(), {"logout-next"}),
      example("logged_out", &Pages::logged_out, LoggedOutView{}, {"logged-out"}),
      example("logged_out_of_app", &Pages::logged_out, back, {"logged-out", "return"}),
  };
}

inline std::vector<Example> of_the_rest() {
  const Ids error_ids{"error-code", "error-description", "request-id", "explain"};
  const HomeView home{.issuer = "http://localhost:2003",
                      .demo_client_url = "http://localhost:3000",
                      .person = "ada",
                      .loopback = true};
  std::vector<Example> examples{
      example("form_post", &Pages::form_post, form_post(), {"form-post"}),
      example("restart", &Pages::restart, error("restart_needed"), error_ids),
      example("explain", &Pages::explain, explain(),
              {"error-code", "request-id", "reason", "expected", "came"}),
      example("home", &Pages::home, home, {"demo-client", "issuer"}),
      example("home_public", &Pages::home, HomeView{.issuer = "https://id.example"}, {}),
  };
  for (const std::string code : {"invalid_redirect_uri", "temporarily_unavailable", "server_error",
                                 "too_many_requests", "not_found", "forbidden"}) {
    examples.push_back(example("error_" + code, &Pages::error, error(code), error_ids));
  }
  return examples;
}

inline std::vector<Example> all() {
  std::vector<Example> examples;
  for (auto* const group : {of_signing_in, of_allowing, of_signing_out, of_the_rest}) {
    for (auto& one : group()) examples.push_back(std::move(one));
  }
  return examples;
}

}  // namespace claviger::pages::examples
