#include "store/client_metadata.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <stdexcept>
#include <utility>

namespace claviger::store {
namespace {

namespace json = boost::json;
using Words = std::vector<std::string>;

template <class Member>
using Named = std::pair<std::string_view, Member>;

constexpr std::array<Named<std::string ClientMetadata::*>, 13> kTexts{{
    {"client_uri", &ClientMetadata::client_uri},
    {"logo_uri", &ClientMetadata::logo_uri},
    {"policy_uri", &ClientMetadata::policy_uri},
    {"tos_uri", &ClientMetadata::tos_uri},
    {"jwks_uri", &ClientMetadata::jwks_uri},
    {"jwks", &ClientMetadata::jwks},
    {"sector_identifier_uri", &ClientMetadata::sector_identifier_uri},
    {"sector", &ClientMetadata::sector},
    {"request_object_signing_alg", &ClientMetadata::request_object_signing_alg},
    {"token_endpoint_auth_signing_alg", &ClientMetadata::token_endpoint_auth_signing_alg},
    {"initiate_login_uri", &ClientMetadata::initiate_login_uri},
    {"software_id", &ClientMetadata::software_id},
    {"software_version", &ClientMetadata::software_version},
}};
constexpr std::array<Named<Words ClientMetadata::*>, 4> kLists{{
    {"contacts", &ClientMetadata::contacts},
    {"default_acr_values", &ClientMetadata::default_acr_values},
    {"request_uris", &ClientMetadata::request_uris},
    {"resources", &ClientMetadata::resources},
}};
constexpr std::array<Named<Protection ClientMetadata::*>, 3> kProtections{{
    {"id_token", &ClientMetadata::id_token},
    {"userinfo", &ClientMetadata::userinfo},
    {"introspection", &ClientMetadata::introspection},
}};
constexpr std::array<Named<std::string Protection::*>, 3> kAlgorithms{{
    {"signed_alg", &Protection::signed_alg},
    {"encrypted_alg", &Protection::encrypted_alg},
    {"encrypted_enc", &Protection::encrypted_enc},
}};
constexpr std::array<Named<LogoutUri ClientMetadata::*>, 2> kLogouts{{
    {"frontchannel_logout", &ClientMetadata::frontchannel_logout},
    {"backchannel_logout", &ClientMetadata::backchannel_logout},
}};

json::object object_of(const Protection& protection) {
  json::object object;
  for (const auto& [name, member] : kAlgorithms) {
    if (!(protection.*member).empty()) object[name] = protection.*member;
  }
  return object;
}

json::object object_of(const LogoutUri& logout) {
  json::object object;
  if (!logout.uri.empty()) object["uri"] = logout.uri;
  if (logout.session_required) object["session_required"] = true;
  return object;
}

template <class T>
T known(std::optional<T> parsed, std::string_view name) {
  if (!parsed) throw std::logic_error(fmt::format("a client's {} is unknown", name));
  return *parsed;
}

// The value of a member, or nothing; of another type than the release that wrote it knew, the row
// is not ours to judge.
template <class T>
std::optional<T> member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return {};
  auto converted = json::try_value_to<T>(*value);
  if (!converted) throw std::logic_error(fmt::format("a client's {} has another type", name));
  return std::move(*converted);
}

template <class T>
void read(const json::object& object, std::string_view name, T& into) {
  if (auto value = member<T>(object, name)) into = std::move(*value);
}

void read(const json::object& object, std::string_view name, Protection& into) {
  const auto protection = member<json::object>(object, name);
  if (!protection) return;
  for (const auto& [word, part] : kAlgorithms) read(*protection, word, into.*part);
}

void read(const json::object& object, std::string_view name, LogoutUri& into) {
  const auto logout = member<json::object>(object, name);
  if (!logout) return;
  read(*logout, "uri", into.uri);
  read(*logout, "session_required", into.session_required);
}

void add_choices(const ClientMetadata& metadata, json::object& object) {
  const ClientMetadata unset;
  if (metadata.subject_type != unset.subject_type) {
    object["subject_type"] = to_string(metadata.subject_type);
  }
  if (metadata.access_token_format != unset.access_token_format) {
    object["access_token_format"] = to_string(metadata.access_token_format);
  }
  if (metadata.default_max_age) object["default_max_age"] = *metadata.default_max_age;
  if (metadata.require_auth_time) object["require_auth_time"] = true;
  if (metadata.has_logo) object["has_logo"] = true;
}

void read_choices(const json::object& object, ClientMetadata& metadata) {
  if (const auto word = member<std::string>(object, "subject_type")) {
    metadata.subject_type = known(parse_subject_type(*word), "subject_type");
  }
  if (const auto word = member<std::string>(object, "access_token_format")) {
    metadata.access_token_format = known(parse_access_token_format(*word), "access_token_format");
  }
  metadata.default_max_age = member<std::int64_t>(object, "default_max_age");
  read(object, "require_auth_time", metadata.require_auth_time);
  read(object, "has_logo", metadata.has_logo);
}

}  // namespace

std::string metadata_to_text(const ClientMetadata& metadata) {
  json::object object;
  for (const auto& [name, part] : kTexts) {
    if (!(metadata.*part).empty()) object[name] = metadata.*part;
  }
  for (const auto& [name, part] : kLists) {
    if (!(metadata.*part).empty()) object[name] = json::value_from(metadata.*part);
  }
  for (const auto& [name, part] : kProtections) {
    if (metadata.*part != Protection{}) object[name] = object_of(metadata.*part);
  }
  for (const auto& [name, part] : kLogouts) {
    if (metadata.*part != LogoutUri{}) object[name] = object_of(metadata.*part);
  }
  add_choices(metadata, object);
  return json::serialize(object);
}

ClientMetadata text_to_metadata(std::string_view text) {
  const auto parsed = json::parse(text);
  const auto* object = parsed.if_object();
  if (object == nullptr) throw std::logic_error("a client's metadata is not an object");
  ClientMetadata metadata;
  for (const auto& [name, part] : kTexts) read(*object, name, metadata.*part);
  for (const auto& [name, part] : kLists) read(*object, name, metadata.*part);
  for (const auto& [name, part] : kProtections) read(*object, name, metadata.*part);
  for (const auto& [name, part] : kLogouts) read(*object, name, metadata.*part);
  read_choices(*object, metadata);
  return metadata;
}

}  // namespace claviger::store
