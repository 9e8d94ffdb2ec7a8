#include "protocol/registration/client_members.hpp"

#include <array>

#include "base/reasons/registration.hpp"
#include "base/text.hpp"
#include "protocol/registration/json_lists.hpp"

namespace claviger::protocol {
namespace {

struct TextMember {
  std::string_view name;
  std::optional<std::string> ClientMembers::* place;
};
struct ListMember {
  std::string_view name;
  std::optional<std::vector<std::string>> ClientMembers::* place;
};

constexpr std::array kTexts{
    TextMember{"client_id", &ClientMembers::client_id},
    TextMember{"client_secret", &ClientMembers::client_secret},
    TextMember{"client_name", &ClientMembers::client_name},
    TextMember{"scope", &ClientMembers::scope},
    TextMember{"token_endpoint_auth_method", &ClientMembers::auth_method},
    TextMember{"application_type", &ClientMembers::application_type},
};
constexpr std::array kLists{
    ListMember{"redirect_uris", &ClientMembers::redirect_uris},
    ListMember{"grant_types", &ClientMembers::grant_types},
    ListMember{"response_types", &ClientMembers::response_types},
    ListMember{"post_logout_redirect_uris", &ClientMembers::post_logout_redirect_uris},
};

void append(std::optional<std::vector<std::string>>& list, std::string_view value) {
  if (!list) list.emplace();
  list->emplace_back(value);
}

}  // namespace

Result<ClientMembers> read_client_members(const Form& form) {
  if (form.first_repeated({"redirect_uri", "redirect_uris", "grant_types", "response_types",
                           "post_logout_redirect_uris"})) {
    return refused(reason::registration_repeated);
  }
  ClientMembers members;
  for (const auto& [name, place] : kTexts) {
    if (const auto value = form.get(name)) members.*place = std::string(*value);
  }
  for (const auto uri : form.all("redirect_uri")) append(members.redirect_uris, uri);
  for (const auto& [name, place] : kLists) {
    for (const auto value : form.all(name)) {
      for (const auto& word : split_words(value)) append(members.*place, word);
    }
  }
  return members;
}

Result<ClientMembers> read_client_members(const boost::json::value& json) {
  const auto* object = json.if_object();
  if (object == nullptr) return refused(reason::registration_not_an_object);
  ClientMembers members;
  for (const auto& [name, place] : kTexts) {
    const auto* member = object->if_contains(name);
    if (member == nullptr) continue;
    const auto* text = member->if_string();
    if (text == nullptr) return refused(reason::registration_member_type);
    members.*place = std::string(std::string_view(*text));
  }
  for (const auto& [name, place] : kLists) {
    const auto* member = object->if_contains(name);
    if (member == nullptr) continue;
    auto strings = read_strings(*member);
    if (!strings) return refused(reason::registration_member_type);
    members.*place = std::move(*strings);
  }
  if (const auto* member = object->if_contains("redirect_uri")) {
    const auto* text = member->if_string();
    if (text == nullptr) return refused(reason::registration_member_type);
    append(members.redirect_uris, std::string_view(*text));
  }
  return members;
}

}  // namespace claviger::protocol
