// Untrusted JSON, read once and bounded: depth at most 16, no duplicate names (compared after
// unescaping), no NUL in a string, valid UTF-8, numbers finite, nothing behind the value.
#pragma once
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace claviger {

enum class JsonError { malformed, too_deep, too_large, duplicate_name, bad_string, bad_number };

std::expected<boost::json::value, JsonError> parse_json(std::string_view text,
                                                        std::size_t max_bytes = 64 * 1024);

// The member as text, or nothing when it is absent or of another type.
std::optional<std::string_view> json_text(const boost::json::object& object, std::string_view name);
// A number in [0, 2^53); a fraction is rounded down (RFC7519-2). Strings and anything else:
// nothing.
std::optional<std::int64_t> json_seconds(const boost::json::object& object, std::string_view name);

}  // namespace claviger
