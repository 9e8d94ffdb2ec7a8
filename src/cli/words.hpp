// Lengths of time and moments as people say them.
#pragma once
#include <chrono>
#include <string>

namespace claviger::cli {

std::string duration_words(std::chrono::seconds length);  // "10 minutes", "1 hour", "3 days"
std::string moment_words(std::chrono::seconds from_now);  // "in 10 minutes", "2 seconds ago", "now"

}  // namespace claviger::cli
