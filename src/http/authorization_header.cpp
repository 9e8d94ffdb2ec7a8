#include "http/authorization_header.hpp"

#include "base/base64url.hpp"
#include "base/form.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

namespace claviger::http {
namespace {

// What stands behind the scheme, when the header has that scheme.
std::optional<std::string_view> credentials(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || header[scheme.size()] != ' ') return std::nullopt;
  if (!iequals_ascii(header.substr(0, scheme.size()), scheme)) return std::nullopt;
  const auto start = header.find_first_not_of(' ', scheme.size());
  if (start == std::string_view::npos) return std::nullopt;
  return header.substr(start);
}

bool is_token68(std::string_view text) {
  const auto body = text.substr(0, text.find('='));
  if (body.empty()) return false;
  // No way out of the loop: so the compiler looks at 16 bytes of the token at once (7,000
  // instructions of a request for /api before).
  bool strange = false;
  for (const char c : body) {
    const bool letter = ((c >= 'a') & (c <= 'z')) | ((c >= 'A') & (c <= 'Z'));
    // '-', '.', '/' and the digits follow one another.
    const bool other = ((c >= '-') & (c <= '9')) | (c == '_') | (c == '~') | (c == '+');
    strange |= !(letter | other);
  }
  if (strange) return false;
  return text.find_first_not_of('=', body.size()) == std::string_view::npos;
}

}  // namespace

Scheme authorization_scheme(std::optional<std::string_view> header) {
  if (!header) return Scheme::none;
  const auto word = header->substr(0, header->find(' '));
  if (iequals_ascii(word, "Basic")) return Scheme::basic;
  if (iequals_ascii(word, "Bearer")) return Scheme::bearer;
  return Scheme::other;
}

std::optional<BasicCredentials> parse_basic(std::string_view header) {
  const auto encoded = credentials(header, "Basic");
  // Three times: every byte of id and secret may have been percent-encoded.
  constexpr auto kMost = (3 * (limits::kClientIdBytes + limits::kSecretBytes) + 1) * 4 / 3 + 4;
  if (!encoded || encoded->size() > kMost) return std::nullopt;
  const auto pair = base64_decode(*encoded);
  if (!pair) return std::nullopt;
  const auto colon = pair->find(':');
  if (colon == std::string::npos) return std::nullopt;
  auto id = form_decode(std::string_view(*pair).substr(0, colon));
  const auto secret = form_decode(std::string_view(*pair).substr(colon + 1));
  if (!id || !secret || id->empty()) return std::nullopt;
  if (id->size() > limits::kClientIdBytes || secret->size() > limits::kSecretBytes)
    return std::nullopt;
  if (has_control_character(*id) || has_control_character(*secret)) return std::nullopt;
  if (!is_utf8(*id) || !is_utf8(*secret)) return std::nullopt;
  return BasicCredentials{std::move(*id), Secret(*secret)};
}

std::optional<std::string_view> parse_bearer(std::string_view header) {
  const auto token = credentials(header, "Bearer");
  if (!token || token->size() > limits::kJwtBytes || !is_token68(*token)) return std::nullopt;
  return token;
}

}  // namespace claviger::http
