#include "protocol/authorize/pkce.hpp"

#include <algorithm>
#include <string>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"

namespace claviger::protocol {
namespace {

constexpr std::size_t kChallengeLength = 43;
constexpr std::size_t kShortestVerifier = 43;
constexpr std::size_t kLongestVerifier = 128;

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

bool must_use_pkce(const Client& client) {
  return client.is_public() || client.require_pkce || client.profile == Profile::fapi2;
}

bool is_s256_challenge(std::string_view challenge) {
  return challenge.size() == kChallengeLength && base64url_decode(challenge).has_value();
}

bool is_verifier(std::string_view verifier) {
  return verifier.size() >= kShortestVerifier && verifier.size() <= kLongestVerifier &&
         std::ranges::all_of(verifier, is_unreserved);
}

std::string s256(std::string_view verifier) { return base64url_encode(crypto::sha256(verifier)); }

bool verifier_fits(std::string_view verifier, std::string_view challenge) {
  const std::string made = s256(verifier);
  return crypto::constant_time_equal(as_bytes(made), as_bytes(challenge));
}

}  // namespace claviger::protocol
