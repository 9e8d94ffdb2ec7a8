// The table of subcommands. Parsing, help and the guesses at misspelled words follow it.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace claviger::cli {

class Invocation;

struct Option {
  std::string_view name;   // "--scope"; "-q,--quiet" where there is a short one too
  std::string_view value;  // "SCOPE"; empty: a switch
  std::string_view doc;
  bool repeatable = false;

  std::string_view long_name() const { return name.substr(name.find(',') + 1); }
};

// What a command needs before it can run.
enum class Needs { nothing, settings };

struct Command {
  std::string_view words;       // "client add"
  std::string_view doc;         // one line
  std::string_view positional;  // "CLIENT_ID"; "[TOKEN]" when it may be left out; empty: none
  std::vector<Option> options;
  Needs needs;
  int (*run)(Invocation&);
};

struct Noun {
  std::string_view word;
  std::string_view doc;
};

std::span<const Command> all_commands();
std::span<const Noun> all_nouns();  // first words that have a second one behind them
std::span<const Option> global_options();
const Command* find_command(std::string_view words);

// What was typed, as far as the table knows it.
struct Parsed {
  const Command* command = nullptr;
  std::map<std::string, std::vector<std::string>, std::less<>> values;
  std::set<std::string, std::less<>> switches;
  std::optional<std::string> positional;

  bool has(std::string_view option) const { return switches.contains(option); }
  std::optional<std::string> value(std::string_view option) const;  // the last one
  std::vector<std::string> all(std::string_view option) const;
};

}  // namespace claviger::cli
