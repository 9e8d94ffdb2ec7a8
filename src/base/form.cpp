#include "base/form.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"

namespace claviger {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// Printable ASCII that stands for itself: nearly all that ever comes.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned c = 0x20; c < 0x7f; ++c) plain[c] = c != '%' && c != '+';
  return plain;
}();

std::size_t plain_prefix(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && kPlain[static_cast<unsigned char>(text[length])]) ++length;
  return length;
}

// What is plain is copied at once: a token request 7,800 -> 3,600 instructions.
std::expected<std::string, FormError> decode_component(std::string_view encoded) {
  if (plain_prefix(encoded) == encoded.size()) return std::string(encoded);
  auto decoded = form_decode(encoded);
  if (!decoded) return std::unexpected(FormError::bad_percent_encoding);
  if (!is_utf8(*decoded)) return std::unexpected(FormError::bad_utf8);
  // NUL ends a C string early: what a library checks and what it uses would differ.
  if (decoded->find('\0') != std::string::npos) {
    return std::unexpected(FormError::control_character);
  }
  return std::move(*decoded);
}

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + 16);
  for (const char c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 0x0fu]);
  }
  return out;
}

std::optional<std::string> form_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto plain = plain_prefix(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    std::size_t used = 1;
    if (text[0] == '+') {
      out.push_back(' ');
    } else if (text[0] != '%') {
      out.push_back(text[0]);
    } else {
      if (text.size() < 3) return {};
      const int high = hex_value(text[1]);
      const int low = hex_value(text[2]);
      if (high < 0 || low < 0) return {};
      out.push_back(static_cast<char>(high * 16 + low));
      used = 3;
    }
    text.remove_prefix(used);
  }
  return out;
}

std::expected<Form, FormError> Form::parse(std::string_view encoded, std::size_t max_fields) {
  Form form;
  if (encoded.empty()) return form;
  const auto pairs = static_cast<std::size_t>(std::ranges::count(encoded, '&')) + 1;
  form.fields_.reserve(std::min(pairs, max_fields));
  while (!encoded.empty()) {
    const auto end = std::min(encoded.find('&'), encoded.size());
    const auto pair = encoded.substr(0, end);
    encoded.remove_prefix(std::min(end + 1, encoded.size()));
    if (pair.empty()) continue;
    if (form.fields_.size() == max_fields) return std::unexpected(FormError::too_many_fields);
    const auto equals = pair.find('=');
    auto name = decode_component(pair.substr(0, equals));
    if (!name) return std::unexpected(name.error());
    if (has_control_character(*name)) return std::unexpected(FormError::control_character);
    auto value = decode_component(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (!value) return std::unexpected(value.error());
    form.fields_.emplace_back(std::move(*name), std::move(*value));
  }
  return form;
}

std::optional<std::string_view> Form::get(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (key == name && !value.empty()) return value;
  }
  return {};
}

bool Form::repeated(std::string_view name) const {
  return std::ranges::count_if(fields_, [&](const auto& field) { return field.first == name; }) > 1;
}

std::optional<std::string_view> Form::first_repeated(
    std::initializer_list<std::string_view> may_repeat) const {
  for (std::size_t i = 1; i < fields_.size(); ++i) {
    const std::string_view name = fields_[i].first;
    const auto before = std::span(fields_).first(i);
    const auto same = [&](const auto& field) { return field.first == name; };
    if (std::ranges::any_of(before, same) &&
        std::ranges::find(may_repeat, name) == may_repeat.end())
      return name;
  }
  return {};
}

std::vector<std::string_view> Form::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : fields_) {
    if (key == name && !value.empty()) values.push_back(value);
  }
  return values;
}

void Form::add(std::string_view name, std::string_view value) {
  fields_.emplace_back(std::string(name), std::string(value));
}

std::string Form::encode() const {
  std::string out;
  for (const auto& [name, value] : fields_) {
    if (!out.empty()) out.push_back('&');
    out += percent_encode(name);
    out.push_back('=');
    out += percent_encode(value);
  }
  return out;
}

}  // namespace claviger
