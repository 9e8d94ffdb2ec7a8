#include "base/text.hpp"

#include <algorithm>
#include <cstdint>

namespace claviger {
namespace {

// Length of the UTF-8 sequence that begins `text`, or 0 (RFC3629-4): no overlong form, no
// surrogate, nothing above U+10FFFF.
std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xbf;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  if (at(1) < low || at(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((at(i) & 0xc0u) != 0x80u) return 0;
  }
  return length;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool has_control_character(std::string_view text) {
  // No way out of the loop: so the compiler looks at 16 bytes at once.
  bool found = false;
  for (const char c : text) found |= (static_cast<std::uint8_t>(c) < 0x20) | (c == 0x7f);
  return found;
}

bool is_vschar(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7e; });
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t kMostBytes = 200;
  std::string out(text.substr(0, kMostBytes));
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  // A character cut in half is taken off whole.
  while (!out.empty() && !is_utf8(out)) out.pop_back();
  if (out.size() < text.size()) out += " ...";
  return out;
}

bool iequals_ascii(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  return true;
}

std::string_view trim(std::string_view text, std::string_view blank) {
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool is_media_type(std::string_view came, std::string_view wanted) {
  constexpr std::string_view kPrefix = "application/";
  if (iequals_ascii(came.substr(0, kPrefix.size()), kPrefix)) came.remove_prefix(kPrefix.size());
  return iequals_ascii(came, wanted);
}

std::string to_lower_ascii(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

// Of a stranger's text that is nothing but spaces, no more than these are made room for.
constexpr std::size_t kUsualWords = 16;

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  const auto most = static_cast<std::size_t>(std::ranges::count(text, ' ')) + 1;
  if (!text.empty()) words.reserve(std::min(most, kUsualWords));
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t swap = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + swap});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::string_view nearest_spelling(std::string_view word,
                                  const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t fewest = 3;
  for (const auto candidate : candidates) {
    // A word may not be turned into something wholly different: "a" is no spelling of "id".
    const auto bound = std::min(word.size(), candidate.size());
    const auto distance = edit_distance(word, candidate);
    if (distance < fewest && distance < bound) {
      fewest = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace claviger
