// Small, exact questions about text.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace claviger {

bool is_utf8(std::string_view text);
bool has_control_character(std::string_view text);  // C0, DEL
bool is_vschar(std::string_view text);              // %x20-7E (RFC6749-A)
// At most 200 bytes of what a stranger sent, control characters replaced: for `expected` and
// `came`.
std::string excerpt(std::string_view text);
bool iequals_ascii(std::string_view a, std::string_view b);
// Without the `blank` characters at both ends.
std::string_view trim(std::string_view text, std::string_view blank = " \t");
// A JWT's `typ` against one that is wanted, without case, "application/" allowed before it
// (RFC7515-4.1.9).
bool is_media_type(std::string_view came, std::string_view wanted);
std::string to_lower_ascii(std::string_view text);
std::vector<std::string> split_words(std::string_view text);  // on single or several spaces
// Edits, transpositions among them, that lead from one word to the other (optimal string
// alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);
// The candidate nearest to `word` within two edits, or an empty view.
std::string_view nearest_spelling(std::string_view word,
                                  const std::vector<std::string_view>& candidates);

}  // namespace claviger
