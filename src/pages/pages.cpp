#include <array>

#include "pages/catalogue.hpp"
#include "pages/sources.hpp"
#include "pages/values.hpp"
#include "pages/views.hpp"

namespace claviger::pages {
namespace {

constexpr std::array kAllLocales{Locale::en, Locale::de};
constexpr std::array<std::string_view, 8> kAllPages{"login",   "consent", "error",      "explain",
                                                    "restart", "logout",  "logged_out", "home"};

std::string translated(std::string_view page, const Catalogue& catalogue) {
  return translate_messages(page_text(page),
                            [&](const std::string& msgid) { return catalogue.find(msgid); });
}

}  // namespace

struct Pages::Body {
  std::map<std::pair<std::string_view, Locale>, Template> templates;

  std::string render(std::string_view page, Locale locale, Values values) const {
    set_frame_values(values, locale);
    return templates.at({page, locale}).render(values);
  }
};

Pages::Pages() : body_(std::make_unique<Body>()) {
  for (const auto locale : kAllLocales) {
    const Catalogue catalogue(locale);
    for (const auto page : kAllPages) {
      body_->templates.try_emplace({page, locale}, translated(page, catalogue));
    }
  }
}

Pages::~Pages() = default;

std::string Pages::login(const LoginView& view, Locale locale) const {
  return body_->render("login", locale, login_values(view));
}

std::string Pages::consent(const ConsentView& view, Locale locale) const {
  return body_->render("consent", locale, consent_values(view));
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

std::string Pages::logout(const LogoutView& view, Locale locale) const {
  return body_->render("logout", locale, logout_values(view));
}

std::string Pages::logged_out(const LoggedOutView& view, Locale locale) const {
  return body_->render("logged_out", locale, logged_out_values(view));
}

std::string Pages::home(const HomeView& view, Locale locale) const {
  return body_->render("home", locale, home_values(view));
}

}  // namespace claviger::pages
