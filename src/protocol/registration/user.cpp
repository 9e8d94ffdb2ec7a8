#include "protocol/registration/user.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/reasons/registration.hpp"
#include "base/text.hpp"
#include "protocol/registration/password.hpp"
#include "protocol/registration/unicode.hpp"
#include "protocol/registration/user_claims.hpp"

namespace claviger::protocol {
namespace {

constexpr std::size_t kEmailBytes = 254;
constexpr std::size_t kEmailNameBytes = 64;
constexpr std::size_t kPhoneBytes = 32;
constexpr std::size_t kPhoneDigits = 3;

struct Member {
  std::string_view name;
  std::string User::* place;
};
constexpr std::array kMembers{
    Member{"username", &User::username},   Member{"email", &User::email},
    Member{"firstname", &User::firstname}, Member{"lastname", &User::lastname},
    Member{"phone", &User::phone},
};

// `get(name)` is the value of a member, or nothing when it was not sent.
template <class Get>
Result<UserRegistration> build(const Get& get) {
  UserRegistration registration;
  for (const auto& [name, place] : kMembers) {
    const auto value = get(name);
    if (!value) continue;
    // Whatever is too long stays as it is: the judge refuses it, and no normal form is worked out.
    const bool short_enough = value->size() <= limits::kUserFieldBytes;
    registration.user.*place =
        short_enough ? to_nfc(*value).value_or(std::string(*value)) : std::string(*value);
  }
  registration.password = Secret(get("password").value_or(""));
  return registration;
}

bool is_name(std::string_view name) {
  return name.empty() || (name.size() <= limits::kUserFieldBytes && is_displayable(name));
}

bool is_username(const User& user) {
  if (!fold_username(user.username) || has_space(user.username)) return false;
  // An address as a name would stand before its owner when somebody signs in with an email.
  const bool address = user.username.find('@') != std::string::npos;
  return !address || fold_email(user.username) == fold_email(user.email);
}

bool is_email(std::string_view email) {
  if (email.empty()) return true;
  const auto at = email.find('@');
  if (email.size() > kEmailBytes || at == std::string_view::npos || at > kEmailNameBytes) {
    return false;
  }
  const auto host = email.substr(at + 1);
  const bool two_parts = at != 0 && !host.empty() && host.find('@') == std::string_view::npos;
  return two_parts && is_displayable(email) && !has_space(email) && !host.starts_with('.') &&
         !host.ends_with('.') && email.find_first_of("<>()[]\\,;:\"") == std::string_view::npos;
}

bool is_phone(std::string_view phone) {
  if (phone.empty()) return true;
  if (phone.size() > kPhoneBytes) return false;
  const auto digits = std::ranges::count_if(phone, [](char c) { return c >= '0' && c <= '9'; });
  const bool plain = phone.find_first_not_of("+0123456789 ().-/") == std::string_view::npos;
  return plain && phone.find_last_of('+') + 1 <= 1 &&
         digits >= static_cast<std::ptrdiff_t>(kPhoneDigits);
}

Result<void> judge_password(const UserRegistration& registration) {
  if (registration.password.empty()) return refused(reason::user_registration_password_missing);
  const auto password = normalise_password(registration.password);
  if (!password || password->size() < limits::kPasswordMinBytes ||
      password->size() > limits::kPasswordMaxBytes) {
    return refused(reason::user_registration_password_length);
  }
  const auto& user = registration.user;
  const std::vector<std::string> own{user.username, user.email, user.firstname, user.lastname,
                                     user.phone};
  if (is_easy_to_guess(*password, own)) return refused(reason::user_registration_password_weak);
  return {};
}

}  // namespace

Result<UserRegistration> parse_user_registration(const Form& form) {
  if (form.first_repeated()) return refused(reason::registration_repeated);
  return build([&](std::string_view name) { return form.get(name); });
}

Result<UserRegistration> parse_user_registration(const boost::json::value& json) {
  const auto* object = json.if_object();
  if (object == nullptr) return refused(reason::registration_not_an_object);
  const auto is_wrong = [&](std::string_view name) {
    const auto* member = object->if_contains(name);
    return member != nullptr && !member->is_string();
  };
  if (std::ranges::any_of(kMembers, is_wrong, &Member::name) || is_wrong("password")) {
    return refused(reason::user_registration_member_type);
  }
  auto registration = build([&](std::string_view name) -> std::optional<std::string_view> {
    const auto* member = object->if_contains(name);
    if (member == nullptr) return {};
    return std::string_view(member->get_string());
  });
  if (!registration) return registration;
  auto further = *object;
  for (const auto& member : kMembers) further.erase(member.name);
  auto set = set_user_claims(further, Vouched::by_nobody, registration->user);
  if (!set) return std::unexpected(set.error());
  return registration;
}

Result<void> judge_user_record(const User& user) {
  if (!is_username(user)) return refused(reason::user_registration_username);
  if (!is_email(user.email)) return refused(reason::user_registration_email);
  if (!is_name(user.firstname) || !is_name(user.lastname)) {
    return refused(reason::user_registration_name);
  }
  if (!is_phone(user.phone)) return refused(reason::user_registration_phone);
  return {};
}

Result<void> judge_user_registration(const UserRegistration& registration) {
  auto judged = judge_user_record(registration.user);
  if (!judged) return judged;
  return judge_password(registration);
}

bool same_registration(const User& stored, const UserRegistration& asked) {
  const auto& user = asked.user;
  const auto same = [](const std::string& known, const std::string& said) {
    return said.empty() || known == said;
  };
  const auto is_known = [&](const boost::json::key_value_pair& claim) {
    const auto* known = stored.claims.if_contains(claim.key());
    return known != nullptr && *known == claim.value();
  };
  const bool same_email = user.email.empty() || fold_email(stored.email) == fold_email(user.email);
  return fold_username(stored.username) == fold_username(user.username) && same_email &&
         same(stored.firstname, user.firstname) && same(stored.lastname, user.lastname) &&
         same(stored.phone, user.phone) && std::ranges::all_of(user.claims, is_known);
}

std::optional<std::string> fold_username(std::string_view name) {
  if (name.empty() || name.size() > limits::kUserFieldBytes || !is_displayable(name)) return {};
  return to_folded(name);
}

std::string fold_email(std::string_view email) { return to_folded(email).value_or(""); }

std::optional<Secret> normalise_password(const Secret& password) {
  const auto text = password.reveal();
  // Asked before the normal form too: what is far too long costs no work (PW-04).
  if (text.empty() || text.size() > 2 * limits::kPasswordMaxBytes) return {};
  if (text.find('\0') != std::string_view::npos) return {};
  auto normal = to_nfc(password);
  if (!normal || normal->size() > limits::kPasswordMaxBytes) return {};
  return normal;
}

}  // namespace claviger::protocol
