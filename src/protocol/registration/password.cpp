#include "protocol/registration/password.hpp"

#include <string.h>  // explicit_bzero
#include <zxcvbn.h>

namespace claviger::protocol {
namespace {

// 10^8 guesses: out of reach for whoever tries over the network, where each failure waits.
constexpr double kFewestBits = 26.6;

}  // namespace

bool is_easy_to_guess(const Secret& password, const std::vector<std::string>& own_words) {
  std::vector<const char*> words;
  for (const auto& word : own_words) {
    if (!word.empty()) words.push_back(word.c_str());
  }
  words.push_back(nullptr);
  std::string text(password.reveal());  // the library wants it to end with NUL
  const double bits = ZxcvbnMatch(text.c_str(), words.data(), nullptr);
  explicit_bzero(text.data(), text.size());
  return bits < kFewestBits;
}

}  // namespace claviger::protocol
