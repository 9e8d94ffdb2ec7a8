#include "pages/pages.hpp"

#include <array>
#include <map>

#include "pages/catalogue.hpp"
#include "pages/sources.hpp"
#include "pages/values.hpp"

namespace claviger::pages {
namespace {

constexpr std::array kAllLocales{Locale::en, Locale::de};
constexpr std::array<std::string_view, 15> kAllPages{
    "login",          "sign_up",     "account",       "consent",    "device_entry",
    "device_confirm", "device_done", "error",         "explain",    "restart",
    "form_post",      "logout",      "logout_frames", "logged_out", "home"};

std::string translated(std::string_view page, const Catalogue& catalogue) {
  return translate_messages(page_text(page),
                            [&](const std::string& msgid) { return catalogue.find(msgid); });
}

using Templates = std::map<std::pair<std::string_view, Locale>, Template>;

Templates parse_templates() {
  Templates templates;
  for (const auto locale : kAllLocales) {
    const Catalogue catalogue(locale);
    for (const auto page : kAllPages) {
      templates.try_emplace({page, locale}, translated(page, catalogue));
    }
  }
  return templates;
}

// The same for every node of a process.
const Templates& parsed_templates() {
  static const Templates parsed = parse_templates();
  return parsed;
}

}  // namespace

struct Pages::Body {
  const Templates& templates = parsed_templates();
  Template check_session{bare_text("check_session")};

  std::string render(std::string_view page, Locale locale, Values values) const {
    set_frame_values(values, locale);
    return templates.at({page, locale}).render(values);
  }
};

Pages::Pages() : body_(std::make_unique<Body>()) {}

Pages::~Pages() = default;

std::string Pages::login(const LoginView& view, Locale locale) const {
  return body_->render("login", locale, login_values(view));
}

std::string Pages::sign_up(const SignUpView& view, Locale locale) const {
  return body_->render("sign_up", locale, sign_up_values(view));
}

std::string Pages::account(const AccountView& view, Locale locale) const {
  return body_->render("account", locale, account_values(view));
}

std::string Pages::consent(const ConsentView& view, Locale locale) const {
  return body_->render("consent", locale, consent_values(view));
}

std::string Pages::device_entry(const DeviceEntryView& view, Locale locale) const {
  return body_->render("device_entry", locale, device_entry_values(view));
}

std::string Pages::device_confirm(const DeviceConfirmView& view, Locale locale) const {
  return body_->render("device_confirm", locale, device_confirm_values(view));
}

std::string Pages::device_done(const DeviceDoneView& view, Locale locale) const {
  return body_->render("device_done", locale, device_done_values(view));
}

std::string Pages::error(const ErrorView& view, Locale locale) const {
  return body_->render("error", locale, error_values(view));
}

std::string Pages::explain(const ExplainView& view, Locale locale) const {
  return body_->render("explain", locale, explain_values(view));
}

std::string Pages::restart(const ErrorView& view, Locale locale) const {
  return body_->render("restart", locale, error_values(view));
}

std::string Pages::form_post(const FormPostView& view, Locale locale) const {
  return body_->render("form_post", locale, form_post_values(view));
}

std::string Pages::logout(const LogoutView& view, Locale locale) const {
  return body_->render("logout", locale, logout_values(view));
}

std::string Pages::logout_frames(const LogoutFramesView& view, Locale locale) const {
  return body_->render("logout_frames", locale, logout_frames_values(view));
}

std::string Pages::logged_out(const LoggedOutView& view, Locale locale) const {
  return body_->render("logged_out", locale, logged_out_values(view));
}

std::string Pages::home(const HomeView& view, Locale locale) const {
  return body_->render("home", locale, home_values(view));
}

std::string Pages::check_session(std::string_view op_state_cookie) const {
  auto values = check_session_values(op_state_cookie);
  set_frame_values(values, Locale::en);
  return body_->check_session.render(values);
}

}  // namespace claviger::pages
