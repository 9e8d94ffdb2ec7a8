// An opaque one-time token on the wire: `selector.verifier` (22 + 1 + 43 characters). The selector
// is the row's time-ordered key; of the 256-bit verifier only the SHA-256 is ever stored.
#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "base/id.hpp"
#include "base/secret.hpp"

namespace claviger {

struct OpaqueToken {
  Id selector;
  std::array<std::uint8_t, 32> verifier{};

  static OpaqueToken make(Time now, Random& random);
  // Exactly 66 characters; a wrong length, alphabet or separator is nothing.
  static std::optional<OpaqueToken> parse(std::string_view text);
  Secret text() const;
};

}  // namespace claviger
