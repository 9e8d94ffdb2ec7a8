#include "base/base64url.hpp"

#include <array>
#include <cstdint>

namespace claviger {
namespace {

constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kStandardAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kForeign = 0xff;

using Table = std::array<std::uint8_t, 256>;

constexpr Table values_of(std::string_view alphabet) {
  Table table{};
  table.fill(kForeign);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr Table kUrlValues = values_of(kUrlAlphabet);
constexpr Table kStandardValues = values_of(kStandardAlphabet);

// Three bytes, four characters; what is left over makes two or three.
std::string encode(ByteView bytes, std::string_view alphabet) {
  std::string out((bytes.size() * 4 + 2) / 3, '\0');
  const auto letter = [&](std::uint32_t bits) { return alphabet[bits & 0x3fu]; };
  std::size_t to = 0;
  std::size_t from = 0;
  for (; from + 3 <= bytes.size(); from += 3, to += 4) {
    const std::uint32_t bits =
        std::uint32_t{bytes[from]} << 16 | std::uint32_t{bytes[from + 1]} << 8 | bytes[from + 2];
    out[to] = letter(bits >> 18);
    out[to + 1] = letter(bits >> 12);
    out[to + 2] = letter(bits >> 6);
    out[to + 3] = letter(bits);
  }
  if (from == bytes.size()) return out;
  const bool two = from + 2 == bytes.size();
  const std::uint32_t bits =
      std::uint32_t{bytes[from]} << 16 | (two ? std::uint32_t{bytes[from + 1]} << 8 : 0u);
  out[to] = letter(bits >> 18);
  out[to + 1] = letter(bits >> 12);
  if (two) out[to + 2] = letter(bits >> 6);
  return out;
}

// Fills `out`; false on a foreign character, an impossible length, or trailing bits that are
// not zero: such a text is a second spelling of the same bytes, and a second spelling is how a
// replay check or a cache key gets past an equality test.
template <class Out>
bool decode(std::string_view text, const Table& values, Out& out) {
  if (text.size() % 4 == 1) return false;
  out.resize(text.size() * 3 / 4);
  std::size_t to = 0;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const auto value = values[static_cast<std::uint8_t>(c)];
    if (value == kForeign) return false;
    bits = (bits << 6 | value) & 0xffffu;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[to++] = static_cast<typename Out::value_type>((bits >> held) & 0xffu);
    }
  }
  return (bits & ((1u << held) - 1u)) == 0;
}

}  // namespace

std::string base64url_encode(ByteView bytes) { return encode(bytes, kUrlAlphabet); }

std::optional<Bytes> base64url_decode(std::string_view text) {
  Bytes out;
  if (!decode(text, kUrlValues, out)) return {};
  return out;
}

std::string base64_encode(ByteView bytes) {
  auto out = encode(bytes, kStandardAlphabet);
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return {};
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  std::string out;
  if (!decode(text, kStandardValues, out)) return {};
  return out;
}

}  // namespace claviger
