#include "protocol/registration/user_claims.hpp"

#include <algorithm>
#include <array>
#include <boost/url.hpp>
#include <chrono>
#include <optional>

#include "base/limits.hpp"
#include "base/reasons/user_claims.hpp"
#include "base/text.hpp"
#include "protocol/registration/unicode.hpp"

namespace claviger::protocol {
namespace {

namespace json = boost::json;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = 10 * value + (c - '0');
  return value;
}

// "null" as a text is what careless programs store; clients take it for a mistake of ours.
bool is_text(std::string_view text) {
  return text.size() <= limits::kUserFieldBytes && is_displayable(text) && text != "null";
}

bool is_url(std::string_view text) {
  if (text.size() > limits::kUriBytes || has_control_character(text)) return false;
  const auto url = boost::urls::parse_uri(text);
  if (!url) return false;
  const std::string_view scheme = url->scheme();
  return (scheme == "https" || scheme == "http") && !url->encoded_host().empty() &&
         !url->has_userinfo();
}

// YYYY, YYYY-MM-DD, or 0000-MM-DD when the year is nobody's business.
bool is_birthdate(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() != 4 && text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kForm[i] == 'd' ? !is_digit(text[i]) : text[i] != '-') return false;
  }
  const int year = number(text.substr(0, 4));
  if (text.size() == 4) return year != 0;
  constexpr int kLeapYear = 2000;  // without a year, the 29th of February is a day
  const std::chrono::year_month_day day{
      std::chrono::year(year == 0 ? kLeapYear : year),
      std::chrono::month(static_cast<unsigned>(number(text.substr(5, 2)))),
      std::chrono::day(static_cast<unsigned>(number(text.substr(8, 2))))};
  return day.ok();
}

// The form of a name of the time zone database: "Europe/London", "UTC", "Etc/GMT+1".
bool is_zoneinfo(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  if (text.size() > kLongest || text.empty() || !is_letter(text.front())) return false;
  const auto fits = [](char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("_+-/").find(c) != std::string_view::npos;
  };
  return std::ranges::all_of(text, fits) && text.find("//") == std::string_view::npos &&
         text.back() != '/' && text != "null";
}

// RFC5646-2.1, as far as the form goes: a language of two or three letters, subtags behind it.
bool is_locale(std::string_view text) {
  constexpr std::size_t kLongest = 35;
  if (text.size() > kLongest) return false;
  bool first = true;
  for (;;) {
    const auto part = text.substr(0, text.find('-'));
    const bool plain =
        std::ranges::all_of(part, [&](char c) { return is_letter(c) || (!first && is_digit(c)); });
    const std::size_t most = first ? 3 : 8;
    const std::size_t least = first ? 2 : 1;
    if (!plain || part.size() < least || part.size() > most) return false;
    if (part.size() == text.size()) return true;
    text.remove_prefix(part.size() + 1);
    first = false;
  }
}

// Addresses have lines; nothing else that is invisible.
bool is_lines(std::string_view text) {
  std::string flat(text);
  std::ranges::replace_if(flat, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return is_text(flat);
}

bool is_address(const json::value& value) {
  constexpr std::array<std::string_view, 6> kMembers{"formatted", "street_address", "locality",
                                                     "region",    "postal_code",    "country"};
  const auto* object = value.if_object();
  if (object == nullptr || object->empty()) return false;
  return std::ranges::all_of(*object, [&](const json::key_value_pair& member) {
    const auto* text = member.value().if_string();
    const std::string_view name(member.key());
    return text != nullptr && is_lines(*text) &&
           std::ranges::find(kMembers, name) != kMembers.end();
  });
}

using IsRight = bool (*)(std::string_view);
struct KeptClaim {
  std::string_view name;
  IsRight is_right;
  const Reason* otherwise;
};
// What User::claims keeps.
constexpr std::array kKept{
    KeptClaim{"name", is_text, &reason::user_claim_text},
    KeptClaim{"middle_name", is_text, &reason::user_claim_text},
    KeptClaim{"nickname", is_text, &reason::user_claim_text},
    KeptClaim{"gender", is_text, &reason::user_claim_text},
    KeptClaim{"profile", is_url, &reason::user_claim_url},
    KeptClaim{"picture", is_url, &reason::user_claim_url},
    KeptClaim{"website", is_url, &reason::user_claim_url},
    KeptClaim{"birthdate", is_birthdate, &reason::user_claim_birthdate},
    KeptClaim{"zoneinfo", is_zoneinfo, &reason::user_claim_zoneinfo},
    KeptClaim{"locale", is_locale, &reason::user_claim_locale},
};
// What is a member of its own; judged with the rest of the record by judge_user_record.
struct OwnClaim {
  std::string_view name;
  std::string User::* place;
  bool User::* verified;  // what ends with another value
};
constexpr std::array kOwn{
    OwnClaim{"given_name", &User::firstname, nullptr},
    OwnClaim{"family_name", &User::lastname, nullptr},
    OwnClaim{"email", &User::email, &User::email_verified},
    OwnClaim{"phone_number", &User::phone, &User::phone_verified},
};
struct Flag {
  std::string_view name;
  bool User::* place;
};
constexpr std::array kFlags{
    Flag{"email_verified", &User::email_verified},
    Flag{"phone_number_verified", &User::phone_verified},
};

Result<std::string> text_of(std::string_view name, const json::value& value) {
  if (value.is_null()) return std::string();
  const auto* text = value.if_string();
  const auto normal = text != nullptr && text->size() <= limits::kUriBytes
                          ? to_nfc(std::string_view(*text))
                          : std::nullopt;
  if (!normal || normal->empty()) return refused(reason::user_claim_text, std::string(name));
  return *normal;
}

// False: this is none of the claims that are members of their own.
Result<bool> set_own(std::string_view name, const json::value& value, User& user) {
  const auto claim = std::ranges::find(kOwn, name, &OwnClaim::name);
  if (claim == kOwn.end()) return false;
  auto text = text_of(name, value);
  if (!text) return std::unexpected(text.error());
  if (!text->empty() && !is_text(*text)) return refused(reason::user_claim_text, std::string(name));
  if (claim->verified != nullptr && user.*claim->place != *text) user.*claim->verified = false;
  user.*claim->place = std::move(*text);
  return true;
}

// False: this is none of the claims that are kept as they are.
Result<bool> set_kept(std::string_view name, const json::value& value, User& user) {
  const auto claim = std::ranges::find(kKept, name, &KeptClaim::name);
  if (claim == kKept.end() && name != "address") return false;
  if (value.is_null()) {
    user.claims.erase(name);
    return true;
  }
  if (name == "address") {
    if (!is_address(value)) return refused(reason::user_claim_address);
    user.claims[name] = value;
    return true;
  }
  auto text = text_of(name, value);
  if (!text) return std::unexpected(text.error());
  if (!claim->is_right(*text)) return refused(*claim->otherwise, std::string(name));
  user.claims[name] = *text;
  return true;
}

Result<bool> set_flag(std::string_view name, const json::value& value, User& user) {
  const auto flag = std::ranges::find(kFlags, name, &Flag::name);
  if (flag == kFlags.end()) return false;
  if (!value.is_null() && !value.is_bool()) {
    return refused(reason::user_claim_flag, std::string(name));
  }
  user.*flag->place = value.is_bool() && value.get_bool();
  return true;
}

// Follows from the record; saying what it says anyway is no mistake.
bool says_the_same(std::string_view name, const json::value& value, const User& user) {
  const auto* text = value.if_string();
  return name == "preferred_username" && text != nullptr && *text == user.username;
}

}  // namespace

Result<void> set_user_claims(const json::object& claims, Vouched vouched, User& user) {
  for (const auto& [key, value] : claims) {
    const std::string_view name(key);
    for (const auto set : {set_own, set_kept}) {
      const auto done = set(name, value, user);
      if (!done) return std::unexpected(done.error());
    }
  }
  if (vouched == Vouched::by_nobody) return {};
  // After the values that they are about.
  for (const auto& [key, value] : claims) {
    const auto done = set_flag(key, value, user);
    if (!done) return std::unexpected(done.error());
  }
  const auto known = settable_claim_names();
  for (const auto& [key, value] : claims) {
    const std::string_view name(key);
    const bool settable = std::ranges::find(known, name) != known.end();
    if (!settable && !says_the_same(name, value, user)) {
      return refused(reason::user_claim_unknown, {}, excerpt(name));
    }
  }
  return {};
}

std::vector<std::string_view> settable_claim_names() {
  std::vector<std::string_view> names{"address"};
  for (const auto& claim : kKept) names.push_back(claim.name);
  for (const auto& claim : kOwn) names.push_back(claim.name);
  for (const auto& flag : kFlags) names.push_back(flag.name);
  return names;
}

}  // namespace claviger::protocol
