#include <algorithm>
#include <array>

#include "pages/values.hpp"

namespace claviger::pages {
namespace {

using kainjow::mustache::list;

// The first characters of the first two words: what stands where an app has no logo.
std::string initials(std::string_view name) {
  std::string letters;
  int words = 0;
  while (words < 2) {
    const auto begin = name.find_first_not_of(' ');
    if (begin == std::string_view::npos) break;
    name.remove_prefix(begin);
    // One character of UTF-8 is its first byte and the continuation bytes behind it.
    std::size_t length = 1;
    while (length < name.size() && (static_cast<unsigned char>(name[length]) & 0xc0) == 0x80) {
      ++length;
    }
    letters += name.substr(0, length);
    name.remove_prefix(std::min(name.find(' '), name.size()));
    ++words;
  }
  for (auto& c : letters) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return letters;
}

void set_client(Values& values, const ClientView& client) {
  set_text(values, "client_name", client.name);
  set_text(values, "redirect_host", client.redirect_host);
  values.set("on_this_device", client.on_this_device);
  values.set("unverified", client.unverified);
  set_link(values, "logo_url", client.logo_url);
  values.set("initials", initials(client.name));
  set_link(values, "policy_uri", client.policy_uri);
  set_link(values, "tos_uri", client.tos_uri);
  values.set("has_client_links",
             is_web_address(client.policy_uri) || is_web_address(client.tos_uri));
}

// A wait needs no plural forms when written with unit symbols, which are the same everywhere.
std::string wait_text(int seconds) {
  if (seconds < 60) return std::to_string(seconds) + " s";
  return std::to_string((seconds + 59) / 60) + " min";
}

void set_wait(Values& values, std::optional<int> seconds) {
  values.set("waiting", seconds.has_value());
  values.set("wait", wait_text(seconds.value_or(0)));
}

// Exactly one element of a page may have the focus when it opens: the alert if there is one.
void set_focus(Values& values, bool alert, bool first_is_filled) {
  values.set("alert", alert);
  values.set("focus_first", !alert && !first_is_filled);
  values.set("focus_second", !alert && first_is_filled);
}

constexpr std::array<std::string_view, 9> kScopesInWords{"openid",    "profile",  "email",
                                                         "address",   "phone",    "username",
                                                         "firstname", "lastname", "offline_access"};

Values scope_values(const ScopeView& scope) {
  Values values;
  values.set("scope", scope.name);
  for (const auto known : kScopesInWords) {
    values.set("is_" + std::string(known), scope.name == known);
  }
  values.set("is_other", std::ranges::find(kScopesInWords, scope.name) == kScopesInWords.end());
  return values;
}

// Its words are about all that stands above it, so it comes last.
constexpr std::string_view kOfflineAccess = "offline_access";

// `openid` alone tells nothing but that somebody is signed in: the pages have a sentence for it.
void set_scopes(Values& values, const std::vector<ScopeView>& scopes) {
  list items;
  for (const auto& scope : scopes) {
    if (scope.name != kOfflineAccess) items.push_back(scope_values(scope));
  }
  for (const auto& scope : scopes) {
    if (scope.name == kOfflineAccess) items.push_back(scope_values(scope));
  }
  values.set("scopes", items);
  values.set("has_scopes",
             std::ranges::any_of(scopes, [](const auto& scope) { return scope.name != "openid"; }));
}

struct Problem {
  std::string_view reason;
  std::string name;   // its sentence in sign_up.mustache
  std::string field;  // which field it is about
};

const std::array<Problem, 7>& sign_up_problems() {
  static const std::array<Problem, 7> all{{
      {"signup.taken", "taken", "username"},
      {"user_registration.username", "bad_username", "username"},
      {"user_registration.email", "bad_email", "email"},
      {"user_registration.name", "bad_name", "name"},
      {"user_registration.password_missing", "short_password", "password"},
      {"user_registration.password_length", "short_password", "password"},
      {"user_registration.password_weak", "weak_password", "password"},
  }};
  return all;
}

void set_problem(Values& values, const std::string& reason) {
  bool known = false;
  for (const auto& problem : sign_up_problems()) {
    values.set(problem.name, false);
    values.set("wrong_" + problem.field, false);
  }
  for (const auto& problem : sign_up_problems()) {
    if (problem.reason != reason) continue;
    values.set(problem.name, true);
    values.set("wrong_" + problem.field, true);
    known = true;
  }
  values.set("other_problem", !reason.empty() && !known);
}

}  // namespace

Values login_values(const LoginView& view) {
  Values values;
  set_client(values, view.client);
  values.set("txn", view.txn);
  values.set("username", view.username);
  values.set("failed", view.failed);
  set_wait(values, view.wait_seconds);
  values.set("reauthenticate", view.reauthenticate);
  values.set("can_sign_up", view.can_sign_up);
  values.set("has_client", !view.client.name.empty());
  set_focus(values, view.failed || view.wait_seconds.has_value(), !view.username.empty());
  return values;
}

Values sign_up_values(const SignUpView& view) {
  Values values;
  set_client(values, view.client);
  values.set("txn", view.txn);
  values.set("username", view.username);
  values.set("email", view.email);
  values.set("firstname", view.firstname);
  values.set("lastname", view.lastname);
  set_problem(values, view.problem);
  set_focus(values, !view.problem.empty(), false);
  return values;
}

Values account_values(const AccountView& view) {
  Values values;
  set_client(values, view.client);
  values.set("txn", view.txn);
  values.set("person", view.person);
  return values;
}

Values consent_values(const ConsentView& view) {
  Values values;
  set_client(values, view.client);
  values.set("txn", view.txn);
  values.set("person", view.person);
  set_scopes(values, view.scopes);
  return values;
}

Values device_entry_values(const DeviceEntryView& view) {
  Values values;
  values.set("csrf", view.csrf);
  values.set("user_code", view.user_code);
  values.set("failed", view.failed);
  set_wait(values, view.wait_seconds);
  set_focus(values, view.failed || view.wait_seconds.has_value(), false);
  return values;
}

Values device_confirm_values(const DeviceConfirmView& view) {
  Values values;
  set_client(values, view.client);
  values.set("csrf", view.csrf);
  values.set("txn_code", view.txn_code);
  values.set("user_code", view.user_code);
  set_text(values, "requester", view.requester);
  values.set("just_now", view.minutes_ago <= 0);
  values.set("age", std::to_string(view.minutes_ago) + " min");
  values.set("person", view.person);
  set_scopes(values, view.scopes);
  return values;
}

Values device_done_values(const DeviceDoneView& view) {
  Values values;
  values.set("approved", view.approved);
  set_text(values, "client_name", view.client_name);
  return values;
}

}  // namespace claviger::pages
