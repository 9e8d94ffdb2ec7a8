// application/x-www-form-urlencoded, parsed once and bounded: bodies and query strings alike.
// A parameter without a value counts as absent (RFC6749-3.1); repeated names are kept, so that a
// rule can refuse them.
#pragma once
#include <cstddef>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claviger {

enum class FormError { too_many_fields, bad_percent_encoding, bad_utf8, control_character };

class Form {
 public:
  // '+' is a space. Names and values must be UTF-8 without NUL, names without any control
  // character; `max_fields` bounds the work.
  static std::expected<Form, FormError> parse(std::string_view encoded,
                                              std::size_t max_fields = 128);

  // The single value of `name`, or nothing when it is absent or empty. Of a repeated name: the
  // first that is not empty.
  std::optional<std::string_view> get(std::string_view name) const;
  bool repeated(std::string_view name) const;
  // The first name that occurs more than once, not counting those in `may_repeat`.
  std::optional<std::string_view> first_repeated(
      std::initializer_list<std::string_view> may_repeat = {}) const;
  std::vector<std::string_view> all(std::string_view name) const;

  void add(std::string_view name, std::string_view value);
  bool empty() const { return fields_.empty(); }
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }
  std::string encode() const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// Percent-encodes everything outside RFC 3986's unreserved set; a space becomes %20.
std::string percent_encode(std::string_view text);
// The form-urlencoded decoding of one component, strictly; nothing on a bad escape.
std::optional<std::string> form_decode(std::string_view text);

}  // namespace claviger
