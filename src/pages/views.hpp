// What each page shows, as plain values. render_*() turns one into a whole HTML document:
// server-rendered, usable without JavaScript, with the fixed element ids that scripts and people
// rely on.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claviger::pages {

// A language that we have. Chosen from ui_locales, then Accept-Language (RFC9110-12.5.4), else
// English.
enum class Locale { en, de };
std::string_view tag(Locale locale);  // "en", "de"
Locale choose_locale(std::string_view ui_locales, std::string_view accept_language);

// The application that asks, as the person sees it.
struct ClientView {
  std::string name;           // #client-name; a text, escaped
  std::string redirect_host;  // where the person will be sent: "localhost:3000", or the scheme of a
                              // native app
  bool on_this_device = false;  // a loopback redirect: "an app on this device"
  bool unverified = false;      // nobody but a stranger vouches for it
};

struct LoginView {
  std::string txn;
  ClientView client;
  std::string username;             // login_hint or what was typed before
  bool failed = false;              // one generic message for every cause (PW-01)
  std::optional<int> wait_seconds;  // throttled
  bool reauthenticate = false;      // prompt=login or max_age: "please confirm it's you"
};

struct ScopeView {
  std::string name;  // "email"
};

struct ConsentView {
  std::string txn;
  ClientView client;
  std::string person;  // who is signed in
  std::vector<ScopeView> scopes;
};

struct ErrorView {
  std::string code;         // #error-code: "invalid_redirect_uri"
  std::string description;  // #error-description: fixed text
  std::string request_id;
  std::string explain_url;  // empty unless the issuer is loopback
  std::string client_name;  // empty when unknown: "Go back to <app> and try again"
};

// The particulars of one refusal, for a developer on a loopback issuer.
struct ExplainView {
  std::string request_id, when, endpoint, client_id, reason, code, description, expected, came,
      clause, clause_url, mend;
  std::uint64_t count = 1;
};

struct LogoutView {
  std::string csrf;
  std::string person;
};

struct LoggedOutView {};

// The front door of a loopback server: what it is, its links, the demo user (only from the
// quickstart).
struct HomeView {
  std::string issuer;
  std::string demo_client_url;  // empty: not shown
  std::string person;           // empty: nobody is signed in
  bool loopback = false;
};

// Pages::load compiles every template and catalogue once; a broken one stops the start.
class Pages {
 public:
  Pages();
  ~Pages();
  std::string login(const LoginView&, Locale) const;
  std::string consent(const ConsentView&, Locale) const;
  std::string error(const ErrorView&, Locale) const;
  std::string explain(const ExplainView&, Locale) const;
  std::string restart(const ErrorView&, Locale) const;  // a stale, finished or foreign transaction
  std::string logout(const LogoutView&, Locale) const;
  std::string logged_out(const LoggedOutView&, Locale) const;
  std::string home(const HomeView&, Locale) const;

  struct Body;

 private:
  std::unique_ptr<Body> body_;
};

// A static file, compiled in: path "/assets/<name>.<hash>.css".
struct Asset {
  std::string_view path;
  std::string_view content_type;
  std::string_view body;
};
const std::vector<Asset>& assets();

}  // namespace claviger::pages
