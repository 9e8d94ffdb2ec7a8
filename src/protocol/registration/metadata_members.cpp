#include "protocol/registration/metadata_members.hpp"

#include <array>

#include "base/json.hpp"
#include "base/reasons/client_metadata.hpp"
#include "base/reasons/registration.hpp"
#include "protocol/registration/json_lists.hpp"

namespace claviger::protocol {
namespace {

namespace json = boost::json;

template <class T>
struct Member {
  std::string_view name;
  T& (*of)(ClientMetadata&);
};
using TextMember = Member<std::string>;
using ListMember = Member<std::vector<std::string>>;
using FlagMember = Member<bool>;

#define CLAVIGER_PLACE(path) (+[](ClientMetadata& m) -> auto& { return m.path; })

constexpr std::array kTexts{
    TextMember{"client_uri", CLAVIGER_PLACE(client_uri)},
    TextMember{"logo_uri", CLAVIGER_PLACE(logo_uri)},
    TextMember{"policy_uri", CLAVIGER_PLACE(policy_uri)},
    TextMember{"tos_uri", CLAVIGER_PLACE(tos_uri)},
    TextMember{"jwks_uri", CLAVIGER_PLACE(jwks_uri)},
    TextMember{"sector_identifier_uri", CLAVIGER_PLACE(sector_identifier_uri)},
    TextMember{"request_object_signing_alg", CLAVIGER_PLACE(request_object_signing_alg)},
    TextMember{"token_endpoint_auth_signing_alg", CLAVIGER_PLACE(token_endpoint_auth_signing_alg)},
    TextMember{"initiate_login_uri", CLAVIGER_PLACE(initiate_login_uri)},
    TextMember{"software_id", CLAVIGER_PLACE(software_id)},
    TextMember{"software_version", CLAVIGER_PLACE(software_version)},
    TextMember{"frontchannel_logout_uri", CLAVIGER_PLACE(frontchannel_logout.uri)},
    TextMember{"backchannel_logout_uri", CLAVIGER_PLACE(backchannel_logout.uri)},
    TextMember{"id_token_signed_response_alg", CLAVIGER_PLACE(id_token.signed_alg)},
    TextMember{"id_token_encrypted_response_alg", CLAVIGER_PLACE(id_token.encrypted_alg)},
    TextMember{"id_token_encrypted_response_enc", CLAVIGER_PLACE(id_token.encrypted_enc)},
    TextMember{"userinfo_signed_response_alg", CLAVIGER_PLACE(userinfo.signed_alg)},
    TextMember{"userinfo_encrypted_response_alg", CLAVIGER_PLACE(userinfo.encrypted_alg)},
    TextMember{"userinfo_encrypted_response_enc", CLAVIGER_PLACE(userinfo.encrypted_enc)},
    TextMember{"introspection_signed_response_alg", CLAVIGER_PLACE(introspection.signed_alg)},
    TextMember{"introspection_encrypted_response_alg", CLAVIGER_PLACE(introspection.encrypted_alg)},
    TextMember{"introspection_encrypted_response_enc", CLAVIGER_PLACE(introspection.encrypted_enc)},
};
constexpr std::array kLists{
    ListMember{"contacts", CLAVIGER_PLACE(contacts)},
    ListMember{"default_acr_values", CLAVIGER_PLACE(default_acr_values)},
    ListMember{"request_uris", CLAVIGER_PLACE(request_uris)},
};
constexpr std::array kFlags{
    FlagMember{"require_auth_time", CLAVIGER_PLACE(require_auth_time)},
    FlagMember{"frontchannel_logout_session_required",
               CLAVIGER_PLACE(frontchannel_logout.session_required)},
    FlagMember{"backchannel_logout_session_required",
               CLAVIGER_PLACE(backchannel_logout.session_required)},
};
#undef CLAVIGER_PLACE

// Of RFC7591-2 and OIDCDR-2: asking for them and getting nothing would be a surprise.
constexpr std::array<std::string_view, 2> kNotOffered{"request_object_encryption_alg",
                                                      "request_object_encryption_enc"};
// OIDCDR-2: what an `alg` without `enc` means.
constexpr std::string_view kDefaultEnc = "A128CBC-HS256";

Result<void> read_choices(const json::object& object, ClientMetadata& metadata) {
  if (const auto* member = object.if_contains("subject_type")) {
    const auto* word = member->if_string();
    const auto type = word != nullptr ? parse_subject_type(*word) : std::nullopt;
    if (!type) return refused(reason::client_metadata_subject_type);
    metadata.subject_type = *type;
  }
  if (object.contains("default_max_age")) {
    metadata.default_max_age = json_seconds(object, "default_max_age");
    if (!metadata.default_max_age) return refused(reason::client_metadata_max_age);
  }
  if (const auto* member = object.if_contains("jwks")) {
    if (!member->is_object()) return refused(reason::client_metadata_jwks);
    metadata.jwks = json::serialize(*member);
  }
  return {};
}

Result<void> read_texts(const json::object& object, ClientMetadata& metadata) {
  for (const auto& member : kTexts) {
    const auto* value = object.if_contains(member.name);
    if (value == nullptr) continue;
    const auto* text = value->if_string();
    if (text == nullptr) {
      return refused(reason::registration_member_type, std::string(member.name));
    }
    member.of(metadata) = std::string_view(*text);
  }
  for (const auto& member : kFlags) {
    const auto* value = object.if_contains(member.name);
    if (value == nullptr) continue;
    if (!value->is_bool()) {
      return refused(reason::registration_member_type, std::string(member.name));
    }
    member.of(metadata) = value->get_bool();
  }
  for (const auto& member : kLists) {
    const auto* value = object.if_contains(member.name);
    if (value == nullptr) continue;
    auto strings = read_strings(*value);
    if (!strings) return refused(reason::registration_member_type, std::string(member.name));
    member.of(metadata) = std::move(*strings);
  }
  return {};
}

}  // namespace

Result<ClientMetadata> read_metadata_members(const json::object& object) {
  if (object.contains("software_statement")) {
    return refused(reason::client_metadata_software_statement);
  }
  for (const auto name : kNotOffered) {
    if (object.contains(name)) {
      return refused(reason::client_metadata_encryption, "", std::string(name));
    }
  }
  ClientMetadata metadata;
  auto texts = read_texts(object, metadata);
  if (!texts) return std::unexpected(texts.error());
  auto choices = read_choices(object, metadata);
  if (!choices) return std::unexpected(choices.error());
  for (auto* protection : {&metadata.id_token, &metadata.userinfo, &metadata.introspection}) {
    const bool unnamed = protection->encrypted_enc.empty();
    if (!protection->encrypted_alg.empty() && unnamed) protection->encrypted_enc = kDefaultEnc;
  }
  return metadata;
}

void write_metadata_members(ClientMetadata metadata, json::object& into) {
  for (const auto& member : kTexts) {
    if (!member.of(metadata).empty()) into[member.name] = member.of(metadata);
  }
  for (const auto& member : kLists) {
    if (!member.of(metadata).empty()) into[member.name] = json::value_from(member.of(metadata));
  }
  for (const auto& member : kFlags) {
    if (member.of(metadata)) into[member.name] = true;
  }
  if (!metadata.jwks.empty()) into["jwks"] = json::parse(metadata.jwks);
  if (metadata.default_max_age) into["default_max_age"] = *metadata.default_max_age;
  into["subject_type"] = to_string(metadata.subject_type);
}

std::vector<std::string_view> metadata_member_names() {
  std::vector<std::string_view> names{"subject_type", "default_max_age", "jwks",
                                      "software_statement"};
  for (const auto& member : kTexts) names.push_back(member.name);
  for (const auto& member : kLists) names.push_back(member.name);
  for (const auto& member : kFlags) names.push_back(member.name);
  for (const auto name : kNotOffered) names.push_back(name);
  return names;
}

}  // namespace claviger::protocol
