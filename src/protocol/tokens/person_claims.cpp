#include "protocol/tokens/person_claims.hpp"

#include <algorithm>
#include <array>

#include "base/time.hpp"

namespace claviger::protocol {
namespace {

using boost::json::value;

// Nothing is told rather than a blank text, which readers take for an error (OIDCC-5.3.2).
value text(std::string_view told) {
  if (told.find_first_not_of(' ') == std::string_view::npos) return nullptr;
  return value(told);
}

value kept_text(const User& user, std::string_view name) {
  const auto* kept = user.claims.if_contains(name);
  return kept != nullptr && kept->is_string() ? text(kept->get_string()) : value(nullptr);
}

template <std::size_t N>
struct Name {
  std::array<char, N> text{};
  consteval Name(const char (&from)[N]) { std::copy_n(from, N, text.begin()); }
};

// A claim that is kept under its own name, as a text.
template <Name name>
value kept(const User& user) {
  return kept_text(user, std::string_view(name.text.data(), name.text.size() - 1));
}

value full_name(const User& user) {
  auto told = kept_text(user, "name");
  if (!told.is_null()) return told;
  if (user.firstname.empty() || user.lastname.empty()) return text(user.firstname + user.lastname);
  return text(user.firstname + " " + user.lastname);
}

value address(const User& user) {
  constexpr std::array<std::string_view, 6> kMembers{"formatted", "street_address", "locality",
                                                     "region",    "postal_code",    "country"};
  const auto* kept = user.claims.if_contains("address");
  if (kept == nullptr || !kept->is_object()) return nullptr;
  boost::json::object told;
  for (const auto member : kMembers) {
    const auto* part = kept->get_object().if_contains(member);
    auto value = part != nullptr && part->is_string() ? text(part->get_string()) : nullptr;
    if (!value.is_null()) told[member] = std::move(value);
  }
  if (told.empty()) return nullptr;
  return told;
}

value updated_at(const User& user) {
  if (user.updated_at == Time{}) return nullptr;
  return to_seconds(user.updated_at);
}

// Of an address or number that there isn't, nothing can have been verified.
value verified(const std::string& of, bool is) { return of.empty() ? value(nullptr) : value(is); }

struct Claim {
  std::string_view scope;
  std::string_view name;
  value (*tell)(const User&);  // null: the person has none
};

// The order of OIDCC-5.1 within each scope; behind them what the scopes of our own give.
constexpr std::array kClaims{
    Claim{"profile", "name", full_name},
    Claim{"profile", "given_name", [](const User& u) { return text(u.firstname); }},
    Claim{"profile", "family_name", [](const User& u) { return text(u.lastname); }},
    Claim{"profile", "middle_name", kept<"middle_name">},
    Claim{"profile", "nickname", kept<"nickname">},
    Claim{"profile", "preferred_username", [](const User& u) { return text(u.username); }},
    Claim{"profile", "profile", kept<"profile">},
    Claim{"profile", "picture", kept<"picture">},
    Claim{"profile", "website", kept<"website">},
    Claim{"profile", "gender", kept<"gender">},
    Claim{"profile", "birthdate", kept<"birthdate">},
    Claim{"profile", "zoneinfo", kept<"zoneinfo">},
    Claim{"profile", "locale", kept<"locale">},
    Claim{"profile", "updated_at", updated_at},
    Claim{"email", "email", [](const User& u) { return text(u.email); }},
    Claim{"email", "email_verified",
          [](const User& u) { return verified(u.email, u.email_verified); }},
    Claim{"address", "address", address},
    Claim{"phone", "phone_number", [](const User& u) { return text(u.phone); }},
    Claim{"phone", "phone_number_verified",
          [](const User& u) { return verified(u.phone, u.phone_verified); }},
    Claim{"username", "username", [](const User& u) { return text(u.username); }},
    Claim{"firstname", "firstname", [](const User& u) { return text(u.firstname); }},
    Claim{"lastname", "lastname", [](const User& u) { return text(u.lastname); }},
};

bool is_one_of(const value& told, const std::vector<value>& wanted) {
  return wanted.empty() || std::ranges::find(wanted, told) != wanted.end();
}

}  // namespace

std::vector<std::string_view> claim_names_of(const Scopes& scopes) {
  std::vector<std::string_view> names;
  for (const auto& claim : kClaims) {
    if (contains(scopes, claim.scope)) names.push_back(claim.name);
  }
  return names;
}

boost::json::object person_claims(const User& user, const Scopes& granted,
                                  const std::vector<WantedClaim>& wanted, const Client& client,
                                  const Policy& policy) {
  boost::json::object claims;
  const auto possible = clamp_scopes(std::nullopt, client, policy);
  for (const auto& claim : kClaims) {
    const auto asked = std::ranges::find(wanted, claim.name, &WantedClaim::name);
    const bool named = asked != wanted.end() && contains(possible, claim.scope);
    if (!named && !contains(granted, claim.scope)) continue;
    auto told = claim.tell(user);
    if (told.is_null() || (named && !is_one_of(told, asked->values))) continue;
    claims[claim.name] = std::move(told);
  }
  return claims;
}

}  // namespace claviger::protocol
