// Is a password worth hashing (PW-15, RFC6819-5.1.4.1.2)? No rules of composition: only how many
// guesses a good guesser needs.
#pragma once
#include <string>
#include <vector>

#include "base/secret.hpp"

namespace claviger::protocol {

// `own_words`: what a guesser who knows the person tries first.
bool is_easy_to_guess(const Secret& password, const std::vector<std::string>& own_words);

}  // namespace claviger::protocol
