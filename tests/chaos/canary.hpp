// I8: no secret of a run occurs in what the server wrote.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace claviger::test {

// Looks for any of many secrets at once in megabytes of text, whole or cut short: for the first and
// the last characters of the part that nobody can guess (behind a token's last dot).
class Canary {
 public:
  void learn(const std::vector<std::string>& secrets) {
    for (const auto& secret : secrets) {
      const auto dot = secret.rfind('.');
      const auto part = std::string_view(secret).substr(dot == std::string::npos ? 0 : dot + 1);
      if (part.size() < kWindow) continue;
      add(part.substr(0, kWindow));
      add(part.substr(part.size() - kWindow));
    }
  }
  // How many places in `text` show a secret.
  std::size_t count_in(std::string_view text) const {
    std::size_t found = 0;
    for (std::size_t at = 0; at + kWindow <= text.size(); ++at) {
      if (!begins_[index(text.substr(at))]) continue;
      if (windows_.contains(std::string(text.substr(at, kWindow)))) ++found;
    }
    return found;
  }

 private:
  static constexpr std::size_t kWindow = 14;
  void add(std::string_view window) {
    windows_.insert(std::string(window));
    begins_[index(window)] = true;
  }
  // The first two characters: keeps the set out of most places.
  static std::size_t index(std::string_view text) {
    return static_cast<std::size_t>(static_cast<std::uint8_t>(text[0])) * 256 +
           static_cast<std::uint8_t>(text[1]);
  }
  std::unordered_set<std::string> windows_;
  std::vector<bool> begins_ = std::vector<bool>(65'536, false);
};

}  // namespace claviger::test
