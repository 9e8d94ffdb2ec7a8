#include "model/client.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace claviger {
namespace {

template <class E>
struct Word {
  E value;
  std::string_view text;
};

constexpr std::array kGrantTypes{
    Word{GrantType::authorization_code, "authorization_code"},
    Word{GrantType::refresh_token, "refresh_token"},
    Word{GrantType::implicit, "implicit"},
    Word{GrantType::client_credentials, "client_credentials"},
    Word{GrantType::device_code, "urn:ietf:params:oauth:grant-type:device_code"},
    Word{GrantType::token_exchange, "urn:ietf:params:oauth:grant-type:token-exchange"},
    Word{GrantType::jwt_bearer, "urn:ietf:params:oauth:grant-type:jwt-bearer"},
};
static_assert(std::ranges::equal(kGrantTypes, kAllGrantTypes, {}, &Word<GrantType>::value));
constexpr std::array kAuthMethods{
    Word{AuthMethod::none, "none"},
    Word{AuthMethod::client_secret_basic, "client_secret_basic"},
    Word{AuthMethod::client_secret_post, "client_secret_post"},
    Word{AuthMethod::client_secret_jwt, "client_secret_jwt"},
    Word{AuthMethod::private_key_jwt, "private_key_jwt"},
};
constexpr std::array kProfiles{
    Word{Profile::standard, "default"},
    Word{Profile::oidc_compat, "oidc_compat"},
    Word{Profile::fapi2, "fapi2"},
};
constexpr std::array kApplicationTypes{
    Word{ApplicationType::web, "web"},
    Word{ApplicationType::native, "native"},
};
constexpr std::array kSubjectTypes{
    Word{SubjectType::public_, "public"},
    Word{SubjectType::pairwise, "pairwise"},
};
constexpr std::array kAccessTokenFormats{
    Word{AccessTokenFormat::jwt, "jwt"},
    Word{AccessTokenFormat::opaque, "opaque"},
};
constexpr std::array kRegisteredBy{
    Word{RegisteredBy::operator_, "operator"},
    Word{RegisteredBy::self, "self"},
    Word{RegisteredBy::quickstart, "quickstart"},
};

template <class E, std::size_t N>
std::string_view word_of(const std::array<Word<E>, N>& words, E value) {
  const auto found = std::ranges::find(words, value, &Word<E>::value);
  if (found == words.end()) std::abort();
  return found->text;
}

template <class E, std::size_t N>
std::optional<E> value_of(const std::array<Word<E>, N>& words, std::string_view text) {
  const auto found = std::ranges::find(words, text, &Word<E>::text);
  if (found == words.end()) return {};
  return found->value;
}

}  // namespace

bool Client::may_use(GrantType type) const {
  return std::ranges::find(grant_types, type) != grant_types.end();
}

bool Client::may_ask_for(ResponseType type) const {
  return std::ranges::find(response_types, type) != response_types.end();
}

std::string_view to_string(GrantType type) { return word_of(kGrantTypes, type); }
std::string_view to_string(AuthMethod method) { return word_of(kAuthMethods, method); }
std::string_view to_string(Profile profile) { return word_of(kProfiles, profile); }
std::string_view to_string(ApplicationType type) { return word_of(kApplicationTypes, type); }
std::string_view to_string(RegisteredBy by) { return word_of(kRegisteredBy, by); }
std::string_view to_string(SubjectType type) { return word_of(kSubjectTypes, type); }
std::string_view to_string(AccessTokenFormat format) {
  return word_of(kAccessTokenFormats, format);
}

std::optional<GrantType> parse_grant_type(std::string_view word) {
  return value_of(kGrantTypes, word);
}
std::optional<AuthMethod> parse_auth_method(std::string_view word) {
  return value_of(kAuthMethods, word);
}
std::optional<Profile> parse_profile(std::string_view word) { return value_of(kProfiles, word); }
std::optional<ApplicationType> parse_application_type(std::string_view word) {
  return value_of(kApplicationTypes, word);
}
std::optional<RegisteredBy> parse_registered_by(std::string_view word) {
  return value_of(kRegisteredBy, word);
}
std::optional<SubjectType> parse_subject_type(std::string_view word) {
  return value_of(kSubjectTypes, word);
}
std::optional<AccessTokenFormat> parse_access_token_format(std::string_view word) {
  return value_of(kAccessTokenFormats, word);
}

}  // namespace claviger
