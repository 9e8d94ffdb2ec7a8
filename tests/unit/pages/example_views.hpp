// Every page, with every part of it shown at least once: the tests go through all of them.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "pages/views.hpp"

namespace claviger::pages::examples {

inline ClientView client() {
  return {.name = "Demo client",
          .redirect_host = "localhost:3000",
          .on_this_device = true,
          .unverified = true};
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

inline ConsentView consent() {
  return {.txn = "txn-1",
          .client = client(),
          .person = "ada",
          .scopes = {
              {"username"}, {"email"}, {"firstname"}, {"lastname"}, {"phone"}, {"calendar:read"}}};
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
  std::vector<Example> examples{
      {"login", [](const Pages& p, Locale l) { return p.login(login(), l); }, login_ids},
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
