// Each view becomes a whole HTML document: server-rendered, usable without JavaScript, with the
// fixed element ids that scripts and people rely on.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pages/views.hpp"

namespace claviger::pages {

// A language that we have. Chosen from ui_locales, then Accept-Language (RFC9110-12.5.4), else
// English.
enum class Locale { en, de };
std::string_view tag(Locale locale);  // "en", "de"
Locale choose_locale(std::string_view ui_locales, std::string_view accept_language);

// The constructor compiles every template and catalogue once; a broken one stops the start.
class Pages {
 public:
  Pages();
  ~Pages();
  std::string login(const LoginView&, Locale) const;
  std::string sign_up(const SignUpView&, Locale) const;
  std::string account(const AccountView&, Locale) const;
  std::string consent(const ConsentView&, Locale) const;
  std::string device_entry(const DeviceEntryView&, Locale) const;
  std::string device_confirm(const DeviceConfirmView&, Locale) const;
  std::string device_done(const DeviceDoneView&, Locale) const;
  std::string error(const ErrorView&, Locale) const;
  std::string explain(const ExplainView&, Locale) const;
  std::string restart(const ErrorView&, Locale) const;  // a stale, finished or foreign transaction
  std::string form_post(const FormPostView&, Locale) const;
  std::string logout(const LogoutView&, Locale) const;
  std::string logout_frames(const LogoutFramesView&, Locale) const;
  std::string logged_out(const LoggedOutView&, Locale) const;
  std::string home(const HomeView&, Locale) const;
  // The frame of OIDCSM-4.2, which reads the cookie of that name: no form, no link (SE-07).
  std::string check_session(std::string_view op_state_cookie) const;

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
