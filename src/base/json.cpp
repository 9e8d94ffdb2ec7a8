#include "base/json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <cmath>

namespace claviger {
namespace {

constexpr std::size_t kMaxDepth = 16;
constexpr double kSecondsEnd = 9007199254740992.0;  // 2^53: beyond it doubles skip integers

// Builds the value as Boost.JSON's own handler would, and sees what that one lets through: names
// that occur twice (the last would win, while other readers take the first), NUL, numbers without
// a value.
struct Handler {
  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  boost::json::value_stack stack;
  std::size_t names = 0;
  std::optional<JsonError> found;

  bool fail(JsonError error, error_code& ec) {
    found = error;
    ec = boost::json::error::input_error;
    return false;
  }
  bool text(string_view part, error_code& ec) {
    return part.find('\0') == string_view::npos || fail(JsonError::bad_string, ec);
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t n, error_code&) { return stack.push_array(n), true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_object_end(std::size_t n, error_code&) { return stack.push_object(n), true; }
  bool on_key_part(string_view part, std::size_t, error_code& ec) {
    return text(part, ec) && (stack.push_chars(part), true);
  }
  bool on_key(string_view part, std::size_t, error_code& ec) {
    ++names;
    return text(part, ec) && (stack.push_key(part), true);
  }
  bool on_string_part(string_view part, std::size_t, error_code& ec) {
    return text(part, ec) && (stack.push_chars(part), true);
  }
  bool on_string(string_view part, std::size_t, error_code& ec) {
    return text(part, ec) && (stack.push_string(part), true);
  }
  bool on_number_part(string_view, error_code&) { return true; }
  // "-0" is refused: as an integer it is 0, as a double it is not, and readers differ.
  bool on_int64(std::int64_t i, string_view digits, error_code& ec) {
    if (i == 0 && digits.starts_with('-')) return fail(JsonError::bad_number, ec);
    return stack.push_int64(i), true;
  }
  bool on_uint64(std::uint64_t u, string_view, error_code&) { return stack.push_uint64(u), true; }
  bool on_double(double d, string_view, error_code& ec) {
    if (!std::isfinite(d) || (d == 0 && std::signbit(d))) return fail(JsonError::bad_number, ec);
    return stack.push_double(d), true;
  }
  bool on_bool(bool b, error_code&) { return stack.push_bool(b), true; }
  bool on_null(error_code&) { return stack.push_null(), true; }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }
};

// Members in the finished tree. An object keeps one of two equal names, so that fewer members than
// names read means a repeated name somewhere, whatever way it was escaped.
std::size_t count_members(const boost::json::value& value) {
  std::size_t members = 0;
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array) members += count_members(item);
  } else if (const auto* object = value.if_object()) {
    members = object->size();
    for (const auto& member : *object) members += count_members(member.value());
  }
  return members;
}

JsonError error_of(const boost::json::error_code& ec) {
  using boost::json::error;
  if (ec == error::too_deep) return JsonError::too_deep;
  if (ec == error::exponent_overflow) return JsonError::bad_number;
  if (ec == error::illegal_leading_surrogate || ec == error::illegal_trailing_surrogate ||
      ec == error::expected_hex_digit) {
    return JsonError::bad_string;
  }
  return JsonError::malformed;
}

}  // namespace

std::expected<boost::json::value, JsonError> parse_json(std::string_view text,
                                                        std::size_t max_bytes) {
  if (text.size() > max_bytes) return std::unexpected(JsonError::too_large);
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::basic_parser<Handler> parser(options);
  auto& handler = parser.handler();
  handler.stack.reset();
  boost::json::error_code ec;
  const auto consumed = parser.write_some(false, text.data(), text.size(), ec);
  if (ec) return std::unexpected(handler.found.value_or(error_of(ec)));
  if (consumed != text.size()) return std::unexpected(JsonError::malformed);
  auto value = handler.stack.release();
  if (count_members(value) != handler.names) return std::unexpected(JsonError::duplicate_name);
  return value;
}

std::optional<std::string_view> json_text(const boost::json::object& object,
                                          std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value ? value->if_string() : nullptr;
  if (!text) return {};
  return std::string_view(text->data(), text->size());
}

std::optional<std::int64_t> json_seconds(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (!value) return {};
  if (const auto* i = value->if_int64()) {
    if (*i >= 0 && *i < static_cast<std::int64_t>(kSecondsEnd)) return *i;
  } else if (const auto* d = value->if_double()) {
    if (*d >= 0 && *d < kSecondsEnd) return static_cast<std::int64_t>(std::floor(*d));
  }
  return {};
}

}  // namespace claviger
