#include "base/token.hpp"

#include <string.h>

#include <algorithm>
#include <string>

#include "base/base64url.hpp"

namespace claviger {
namespace {

constexpr std::size_t kSelectorChars = 22;
constexpr std::size_t kVerifierChars = 43;

}  // namespace

OpaqueToken OpaqueToken::make(Time now, Random& random) {
  OpaqueToken token;
  token.selector = Id::make(now, random);
  random.fill(token.verifier);
  return token;
}

std::optional<OpaqueToken> OpaqueToken::parse(std::string_view text) {
  if (text.size() != kSelectorChars + 1 + kVerifierChars || text[kSelectorChars] != '.') return {};
  const auto selector = Id::parse(text.substr(0, kSelectorChars));
  const auto verifier = base64url_decode(text.substr(kSelectorChars + 1));
  if (!selector || !verifier) return {};
  OpaqueToken token;
  token.selector = *selector;
  std::ranges::copy(*verifier, token.verifier.begin());
  return token;
}

Secret OpaqueToken::text() const {
  std::string joined = selector.text() + '.' + base64url_encode(verifier);
  Secret secret(joined);
  explicit_bzero(joined.data(), joined.size());
  return secret;
}

}  // namespace claviger
