// A registered client, as the store keeps it (RFC6749-2, RFC7591-2).
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "model/response_type.hpp"

namespace claviger {

enum class GrantType {
  authorization_code,
  refresh_token,
  implicit,  // what comes from the authorization endpoint: implicit and hybrid response types
  client_credentials,
  device_code,
  token_exchange,
  jwt_bearer,
};
// The registry of grants: metadata lists these, and the gate is tested for each of them.
inline constexpr std::array kAllGrantTypes{
    GrantType::authorization_code, GrantType::refresh_token, GrantType::implicit,
    GrantType::client_credentials, GrantType::device_code,   GrantType::token_exchange,
    GrantType::jwt_bearer};
enum class AuthMethod {
  none,
  client_secret_basic,
  client_secret_post,
  client_secret_jwt,
  private_key_jwt,
};
enum class SubjectType { public_, pairwise };
enum class AccessTokenFormat { jwt, opaque };
// How strict the rules are with this client.
enum class Profile { standard, oidc_compat, fapi2 };
enum class ApplicationType { web, native };
// Who made the record: what a stranger registered is treated with more care (RFC9700-4.11.2).
enum class RegisteredBy { operator_, self, quickstart };

// How something that is sent to a client is protected, in the words it registered (OIDCDR-2).
// `signed_alg` empty: as the member's own default says. `encrypted_alg` empty: not encrypted.
struct Protection {
  std::string signed_alg;
  std::string encrypted_alg;
  std::string encrypted_enc;
  bool operator==(const Protection&) const = default;
};

// A URI of the client's that is told when a session ends (OIDCFC-2, OIDCBC-2.2).
struct LogoutUri {
  std::string uri;  // empty: none
  bool session_required = false;
  bool operator==(const LogoutUri&) const = default;
};

// What a client registered beyond what every request looks at (RFC7591-2, OIDCDR-2). Every member
// has been judged; an empty one was not registered.
struct ClientMetadata {
  // Shown to people.
  std::vector<std::string> contacts;
  std::string client_uri, logo_uri, policy_uri, tos_uri;
  bool has_logo = false;  // what logo_uri led to is kept here, and shown from here
  // Its keys: at most one of the two.
  std::string jwks_uri;
  std::string jwks;  // a JWK set, verbatim
  // What people are called before it.
  SubjectType subject_type = SubjectType::public_;
  std::string sector_identifier_uri;
  std::string sector;  // the host that pairwise identifiers are computed for
  // Protection of what it gets and sends.
  Protection id_token, userinfo, introspection;
  std::string request_object_signing_alg;       // empty: any that we offer
  std::string token_endpoint_auth_signing_alg;  // empty: any that fits the method
  // Authentication requests.
  std::optional<std::int64_t> default_max_age;
  bool require_auth_time = false;
  std::vector<std::string> default_acr_values;
  std::string initiate_login_uri;
  std::vector<std::string> request_uris;
  // Logout.
  LogoutUri frontchannel_logout, backchannel_logout;
  AccessTokenFormat access_token_format = AccessTokenFormat::jwt;
  // The resources that this client is, by an operator's word alone: it may ask what tokens for them
  // say (RFC7662-2).
  std::vector<std::string> resources;
  std::string software_id, software_version;

  bool operator==(const ClientMetadata&) const = default;
};

struct Client {
  std::string client_id;
  std::string name;
  AuthMethod auth_method = AuthMethod::client_secret_basic;
  std::optional<Digest> secret_hash;  // HMAC-SHA-256 under the server's secret-hashing key
  std::string secret_kid;             // which such key
  // client_secret_jwt alone: the secret itself, sealed, associated data "client_secret:" client_id.
  Bytes sealed_secret;
  std::optional<Digest> previous_secret_hash;  // valid until previous_secret_until
  std::string previous_secret_kid;
  Time previous_secret_until{};
  Time secret_expires_at{};  // zero: never
  std::vector<std::string> redirect_uris;
  std::vector<std::string> post_logout_redirect_uris;
  std::vector<std::string> scopes;  // what it may ask for; empty: every configured scope
  std::vector<GrantType> grant_types{GrantType::authorization_code, GrantType::refresh_token};
  std::vector<ResponseType> response_types{kCodeOnly};
  Profile profile = Profile::standard;
  ApplicationType application_type = ApplicationType::web;
  RegisteredBy registered_by = RegisteredBy::operator_;
  bool require_pkce = false;  // for a confidential client; a public one always must
  bool disabled = false;
  std::int64_t epoch = 0;    // raised by every event that ends what was granted
  std::int64_t version = 0;  // raised by every change of the record
  Time created_at{};
  std::optional<Time> first_used_at;  // what nobody ever used may be purged
  // SHA-256 of the registration access token's verifier (RFC7592-3); nothing: not manageable.
  std::optional<Digest> registration_token_hash;
  ClientMetadata metadata;

  bool is_public() const { return auth_method == AuthMethod::none; }
  bool may_use(GrantType type) const;
  bool may_ask_for(ResponseType type) const;
};

// Shared by requests at the same time and never changed. Null: no such client.
using SharedClient = std::shared_ptr<const Client>;

std::string_view to_string(GrantType type);  // the wire words
std::string_view to_string(AuthMethod method);
std::string_view to_string(Profile profile);  // "default", "oidc_compat", "fapi2"
std::string_view to_string(ApplicationType type);
std::string_view to_string(RegisteredBy by);  // "operator", "self", "quickstart"
std::string_view to_string(SubjectType type);
std::string_view to_string(AccessTokenFormat format);
std::optional<GrantType> parse_grant_type(std::string_view word);  // the standard's words only
std::optional<AuthMethod> parse_auth_method(std::string_view word);
std::optional<Profile> parse_profile(std::string_view word);
std::optional<ApplicationType> parse_application_type(std::string_view word);
std::optional<RegisteredBy> parse_registered_by(std::string_view word);
std::optional<SubjectType> parse_subject_type(std::string_view word);
std::optional<AccessTokenFormat> parse_access_token_format(std::string_view word);

}  // namespace claviger
