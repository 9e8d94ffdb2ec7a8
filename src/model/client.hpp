// A registered client, as the store keeps it (RFC6749-2, RFC7591-2).
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace claviger {

enum class GrantType { authorization_code, refresh_token };
// The registry of grants: metadata lists these, and the gate is tested for each of them.
inline constexpr std::array kAllGrantTypes{GrantType::authorization_code, GrantType::refresh_token};
enum class AuthMethod { none, client_secret_basic, client_secret_post };
// How strict the rules are with this client.
enum class Profile { standard, oidc_compat, fapi2 };
enum class ApplicationType { web, native };
// Who made the record: what a stranger registered is treated with more care (RFC9700-4.11.2).
enum class RegisteredBy { operator_, self, quickstart };

struct Client {
  std::string client_id;
  std::string name;
  AuthMethod auth_method = AuthMethod::client_secret_basic;
  std::optional<Digest> secret_hash;           // HMAC-SHA-256 under the server's secret-hashing key
  std::string secret_kid;                      // which such key
  std::optional<Digest> previous_secret_hash;  // valid until previous_secret_until
  Time previous_secret_until{};
  Time secret_expires_at{};  // zero: never
  std::vector<std::string> redirect_uris;
  std::vector<std::string> post_logout_redirect_uris;
  std::vector<std::string> scopes;  // what it may ask for; empty: every configured scope
  std::vector<GrantType> grant_types{GrantType::authorization_code, GrantType::refresh_token};
  Profile profile = Profile::standard;
  ApplicationType application_type = ApplicationType::web;
  RegisteredBy registered_by = RegisteredBy::operator_;
  bool require_pkce = false;  // for a confidential client; a public one always must
  bool disabled = false;
  std::int64_t epoch = 0;  // raised by every event that ends what was granted
  Time created_at{};

  bool is_public() const { return auth_method == AuthMethod::none; }
  bool may_use(GrantType type) const;
};

std::string_view to_string(GrantType type);  // the wire words
std::string_view to_string(AuthMethod method);
std::string_view to_string(Profile profile);  // "default", "oidc_compat", "fapi2"
std::string_view to_string(ApplicationType type);
std::string_view to_string(RegisteredBy by);  // "operator", "self", "quickstart"
std::optional<GrantType> parse_grant_type(std::string_view word);  // the standard's words only
std::optional<AuthMethod> parse_auth_method(std::string_view word);
std::optional<Profile> parse_profile(std::string_view word);
std::optional<ApplicationType> parse_application_type(std::string_view word);
std::optional<RegisteredBy> parse_registered_by(std::string_view word);

}  // namespace claviger
