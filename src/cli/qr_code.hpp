// QR codes for terminals: two rows of modules in one line of half-block characters.
#pragma once
#include <optional>
#include <string>

namespace claviger::cli {

// `color`: black on white whatever the terminal's own colours are; otherwise for dark ones. Nothing
// when the text is too long for a code that fits a screen.
std::optional<std::string> draw_qr_code(const std::string& text, bool color);

}  // namespace claviger::cli
