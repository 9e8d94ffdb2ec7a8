// Command line to Parsed. CLI11's only place.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "cli/commands.hpp"

namespace claviger::cli {

struct HelpText {
  std::string text;
};
struct UsageError {
  std::string problem;
  std::string next;  // what to type instead
};

std::variant<Parsed, HelpText, UsageError> parse(const std::vector<std::string>& arguments);

// A better word on arguments that could not be parsed: the first one that is misspelled. `said` is
// the parser's own complaint.
UsageError diagnose(const std::vector<std::string>& arguments, const std::string& said);

}  // namespace claviger::cli
