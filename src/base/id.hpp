// Time-ordered 128-bit identifiers, the primary keys of everything that is written often: 48 bits
// of milliseconds, then 80 random bits. Random keys would cost SQLite up to six times the
// throughput.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "base/time.hpp"

namespace claviger {

class Id {
 public:
  Id() = default;
  static Id make(Time now, Random& random);
  // 22 base64url characters; anything else is nothing.
  static std::optional<Id> parse(std::string_view text);
  static std::optional<Id> from_bytes(ByteView bytes);

  std::string text() const;
  ByteView bytes() const { return bytes_; }
  auto operator<=>(const Id&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

}  // namespace claviger
