// Looks at TOML text before the parser does: toml++ 3.3 walks a dotted key recursively and runs
// out of stack on one of very many parts.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace claviger::config {

inline constexpr std::size_t kMaxFileBytes = 1024 * 1024;
inline constexpr std::size_t kMaxKeyParts = 16;

// The line of the first key that has more than kMaxKeyParts parts.
std::optional<std::size_t> line_of_long_key(std::string_view text);

}  // namespace claviger::config
