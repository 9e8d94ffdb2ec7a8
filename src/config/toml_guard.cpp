#include "config/toml_guard.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace claviger::config {
namespace {

// Walks TOML text as far as strings and comments go: enough to know which dots separate the parts
// of a key.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<std::size_t> line_of_long_key() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '"' || c == '\'') {
        skip_string(c);
      } else {
        step(c);
        if (parts_ > kMaxKeyParts) return line_;
        ++at_;
      }
    }
    return std::nullopt;
  }

 private:
  void step(char c) {
    if (c == '\n') ++line_;
    const bool within_key = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' ||
                            c == ' ' || c == '\t' || c == '+' || c == ':';
    if (c == '.') {
      ++parts_;
    } else if (!within_key) {
      parts_ = 1;
    }
  }

  void skip_string(char quote) {
    const bool multiline = text_.substr(at_, 3) == std::string(3, quote);
    at_ += multiline ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        if (!multiline) return;  // broken: the parser stops here
        ++line_;
      }
      if (c == '\\' && quote == '"') {
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++line_;
        at_ += 2;
        continue;
      }
      if (c != quote) {
        ++at_;
        continue;
      }
      if (!multiline) {
        ++at_;
        return;
      }
      const auto run = run_of(quote);
      at_ += std::min<std::size_t>(run, 5);  // up to two quotes may stand before the closing three
      if (run >= 3) return;
    }
  }

  std::size_t run_of(char quote) const {
    const auto end = text_.find_first_not_of(quote, at_);
    return (end == std::string_view::npos ? text_.size() : end) - at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t parts_ = 1;
};

}  // namespace

std::optional<std::size_t> line_of_long_key(std::string_view text) {
  return Scanner(text).line_of_long_key();
}

}  // namespace claviger::config
