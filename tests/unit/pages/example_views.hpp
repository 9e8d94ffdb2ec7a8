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

struct Example {
  std::string name;
  std::function<std::string(const Pages&, Locale)> render;
  std::vector<std::string> ids;  // which the page must have, each exactly once
};

inline std::vector<Example> all() {
  const std::vector<std::string> login_ids{"username", "password", "login-submit", "login-cancel",
                                           "client-name"};
  const std::vector<std::string> consent_ids{"consent-approve", "consent-deny", "consent-switch",
                                             "client-name"};
  const std::vector<std::string> error_ids{"error-code", "error-description", "request-id",
                                           "explain"};
  const std::vector<std::string> sign_up_ids{"username",      "email",         "password",
                                             "signup-submit", "signup-cancel", "client-name"};
  const std::vector<std::string> device_ids{"user-code", "device-submit"};
  std::vector<Example> examples{
      {"login", [](const Pages& p, Locale l) { return p.login(login(), l); }, login_ids},
      {"login_with_logo",
       [](const Pages& p, Locale l) {
         return p.login({.txn = "t", .client = client_with_logo(), .can_sign_up = true}, l);
       },
       {"client-logo", "client-policy", "client-tos", "login-signup"}},
      {"login_for_device",
       [](const Pages& p, Locale l) { return p.login({.txn = "t"}, l); },
       {"username", "password", "login-submit", "login-cancel"}},
      {"sign_up", [](const Pages& p, Locale l) { return p.sign_up(sign_up(), l); }, sign_up_ids},
      {"sign_up_failed",
       [](const Pages& p, Locale l) { return p.sign_up(failed_sign_up("signup.taken"), l); },
       sign_up_ids},
      {"account",
       [](const Pages& p, Locale l) { return p.account(account(), l); },
       {"account-continue", "account-switch", "client-name"}},
      {"device_entry", [](const Pages& p, Locale l) { return p.device_entry({.csrf = "c"}, l); },
       device_ids},
      {"device_entry_failed",
       [](const Pages& p, Locale l) { return p.device_entry(failed_device_entry(), l); },
       device_ids},
      {"device_confirm",
       [](const Pages& p, Locale l) { return p.device_confirm(device_confirm(), l); },
       {"device-approve", "device-deny", "device-code", "client-name"}},
      {"device_approved",
       [](const Pages& p, Locale l) {
         return p.device_done({.approved = true, .client_name = "Demo client"}, l);
       },
       {"device-done"}},
      {"device_denied",
       [](const Pages& p, Locale l) { return p.device_done({}, l); },
       {"device-done"}},
      {"form_post",
       [](const Pages& p, Locale l) { return p.form_post(form_post(), l); },
       {"form-post"}},
      {"logout_frames",
       [](const Pages& p, Locale l) { return p.logout_frames(logout_frames(), l); },
       {"logout-next"}},
      {"logout_of_app",
       [](const Pages& p, Locale l) {
         return p.logout({.csrf = "c", .person = "ada", .txn = "t", .client_name = "Notes"}, l);
       },
       {"logout-confirm", "logout-cancel"}},
      {"logged_out_of_app",
       [](const Pages& p, Locale l) {
         return p.logged_out({.client_name = "Notes", .return_to = "https://notes.example/"}, l);
       },
       {"logged-out", "return"}},
      {"login_failed", [](const Pages& p, Locale l) { return p.login(failed_login(), l); },
       login_ids},
      {"consent", [](const Pages& p, Locale l) { return p.consent(consent(), l); }, consent_ids},
      {"consent_plain",
       [](const Pages& p, Locale l) {
         return p.consent({.txn = "t",
                           .client = {.name = "Notes", .redirect_host = "notes.example"},
                           .person = "ada"},
                          l);
       },
       consent_ids},
      {"restart", [](const Pages& p, Locale l) { return p.restart(error("restart_needed"), l); },
       error_ids},
      {"explain",
       [](const Pages& p, Locale l) { return p.explain(explain(), l); },
       {"error-code", "request-id", "reason", "expected", "came"}},
      {"logout",
       [](const Pages& p, Locale l) { return p.logout({.csrf = "csrf-1", .person = "ada"}, l); },
       {"logout-confirm", "logout-cancel"}},
      {"logged_out", [](const Pages& p, Locale l) { return p.logged_out({}, l); }, {"logged-out"}},
      {"home",
       [](const Pages& p, Locale l) {
         return p.home({.issuer = "http://localhost:2003",
                        .demo_client_url = "http://localhost:3000",
                        .person = "ada",
                        .loopback = true},
                       l);
       },
       {"demo-client", "issuer"}},
      {"home_public",
       [](const Pages& p, Locale l) { return p.home({.issuer = "https://id.example"}, l); },
       {}},
  };
  for (const std::string code : {"invalid_redirect_uri", "temporarily_unavailable", "server_error",
                                 "too_many_requests", "not_found", "forbidden"}) {
    examples.push_back({"error_" + code,
                        [code](const Pages& p, Locale l) { return p.error(error(code), l); },
                        error_ids});
  }
  return examples;
}

}  // namespace claviger::pages::examples
