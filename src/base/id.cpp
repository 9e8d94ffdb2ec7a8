#include "base/id.hpp"

#include <algorithm>

#include "base/base64url.hpp"

namespace claviger {

Id Id::make(Time now, Random& random) {
  Id id;
  random.fill(std::span(id.bytes_).subspan(6));
  const auto ms = static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count());
  for (std::size_t i = 0; i < 6; ++i) {
    id.bytes_[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
  }
  return id;
}

std::optional<Id> Id::parse(std::string_view text) {
  if (text.size() != 22) return {};
  const auto bytes = base64url_decode(text);
  if (!bytes) return {};
  return from_bytes(*bytes);
}

std::optional<Id> Id::from_bytes(ByteView bytes) {
  Id id;
  if (bytes.size() != id.bytes_.size()) return {};
  std::ranges::copy(bytes, id.bytes_.begin());
  return id;
}

std::string Id::text() const { return base64url_encode(bytes_); }

}  // namespace claviger
