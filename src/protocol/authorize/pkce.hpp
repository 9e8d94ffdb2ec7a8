// Proof key for code exchange, S256 alone (RFC7636-4.2, RFC7636-4.6): who must use it, and whether
// a verifier fits.
#pragma once
#include <string>
#include <string_view>

#include "model/client.hpp"

namespace claviger::protocol {

// Public clients always (OAUTH21-7.5.1); confidential ones when their record says so or they follow
// the strict profile. Asked at the start, at each step and at redemption: the record may change.
bool must_use_pkce(const Client& client);
// The base64url form of 32 bytes: 43 characters, canonical.
bool is_s256_challenge(std::string_view challenge);
// 43 to 128 unreserved characters (RFC7636-4.1).
bool is_verifier(std::string_view verifier);
// The challenge of a verifier (RFC7636-4.2).
std::string s256(std::string_view verifier);
// Constant time in the comparison.
bool verifier_fits(std::string_view verifier, std::string_view challenge);

}  // namespace claviger::protocol
