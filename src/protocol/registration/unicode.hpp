// Unicode normal forms (UAX 15) and what may be shown to people, over ICU.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace claviger::protocol {

// Each of these is nothing when `text` isn't UTF-8.
std::optional<std::string> to_nfc(std::string_view text);
std::optional<std::string> to_nfkc(std::string_view text);
// The key under which texts are equal for people: NFC, full case folding, NFC again.
std::optional<std::string> to_folded(std::string_view text);
// The buffers in between are wiped.
std::optional<Secret> to_nfc(const Secret& text);

// False: control characters, invisible or bidirectional formatting (a right-to-left override turns
// names around: DC-09), line separators, or nothing but spaces.
bool is_displayable(std::string_view text);
bool has_space(std::string_view text);  // of any script
std::size_t count_characters(std::string_view text);

}  // namespace claviger::protocol
