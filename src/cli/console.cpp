#include "cli/console.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "base/text.hpp"

namespace claviger::cli {
namespace {

// Echo is off while this lives, however the function is left.
class WithoutEcho {
 public:
  explicit WithoutEcho(int terminal) : terminal_(terminal) {
    known_ = ::tcgetattr(terminal_, &before_) == 0;
    if (!known_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal_, TCSAFLUSH, &quiet);
  }
  WithoutEcho(const WithoutEcho&) = delete;
  WithoutEcho& operator=(const WithoutEcho&) = delete;
  ~WithoutEcho() {
    if (known_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }

 private:
  int terminal_;
  bool known_ = false;
  termios before_{};
};

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::optional<Secret> ask_on_terminal(const std::string& prompt) {
  const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (terminal < 0) return std::nullopt;
  std::string line;
  {
    const WithoutEcho quiet(terminal);
    write_all(terminal, prompt);
    char c = 0;
    while (::read(terminal, &c, 1) == 1 && c != '\n') line += c;
    write_all(terminal, "\n");
  }
  ::close(terminal);
  return Secret(line);
}

bool is_capable_terminal() {
  const char* term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) != "dumb" && ::isatty(STDERR_FILENO) == 1;
}

bool wants_color() {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  return is_capable_terminal();
}

// The first of these that is set decides, as in setlocale(3).
bool has_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const auto locale = to_lower_ascii(value);
    return locale.contains("utf-8") || locale.contains("utf8");
  }
  return false;
}

}  // namespace

Console process_console() {
  return Console{.in = std::cin,
                 .out = std::cout,
                 .err = std::cerr,
                 .in_is_terminal = ::isatty(STDIN_FILENO) == 1,
                 .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                 .err_is_terminal = is_capable_terminal(),
                 .unicode = has_unicode(),
                 .color = wants_color(),
                 .ask_secret = ask_on_terminal};
}

std::string harmless(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (byte < 0x20 || byte == 0x7f) {
      out += '?';
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {  // C1, CSI among them
      out += '?';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace claviger::cli
