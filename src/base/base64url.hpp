// base64url without padding, strictly (RFC4648-5, RFC7515-2): padding, whitespace, the standard
// alphabet's '+' and '/', a length of 1 mod 4 and non-zero trailing bits are all refused.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace claviger {

std::string base64url_encode(ByteView bytes);
void base64url_append(std::string& out, ByteView bytes);
std::optional<Bytes> base64url_decode(std::string_view text);

// Standard base64 with padding, strictly: what the Basic scheme carries (RFC7617-2).
std::optional<std::string> base64_decode(std::string_view text);
std::string base64_encode(ByteView bytes);

}  // namespace claviger
