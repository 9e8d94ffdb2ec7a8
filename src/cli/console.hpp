// Where a command reads and writes: the real terminal, or strings in a test.
#pragma once
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace claviger::cli {

struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;  // one that can move its cursor
  bool unicode = false;          // the locale's characters are UTF-8
  bool color = false;            // of error messages; NO_COLOR and TERM=dumb turn it off
  // Asks on the terminal without echo. Nothing: there is no terminal.
  std::function<std::optional<Secret>(const std::string& prompt)> ask_secret;
};

Console process_console();

// For a terminal: what strangers wrote (client names ...) must not move the cursor or change
// colours.
std::string harmless(std::string_view text);

}  // namespace claviger::cli
