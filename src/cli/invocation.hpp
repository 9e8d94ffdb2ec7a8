// One run of one command: what was typed, the settings, the way to the server, and how it ends.
#pragma once
#include <boost/json.hpp>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "cli/cli.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"

namespace claviger::cli {

// Prints "error: ...", then what to do next; as one JSON object on the same stream with --json.
// Returns `exit_code`.
int fail(Console& console, bool as_json, int exit_code, std::string_view problem,
         std::string_view next);

class Invocation {
 public:
  Invocation(const Parsed& parsed, const Hooks& hooks, Console& console,
             const config::Loaded* loaded)
      : parsed_(parsed), hooks_(hooks), console_(console), loaded_(loaded) {}

  const Parsed& parsed() const { return parsed_; }
  const Hooks& hooks() const { return hooks_; }
  Console& console() { return console_; }
  const config::Loaded& loaded() const { return *loaded_; }
  bool as_json() const { return parsed_.has("--json"); }
  const std::string& positional() const { return *parsed_.positional; }

  // Calls an operation. What went wrong has been printed already; the error is the exit code.
  std::expected<boost::json::object, int> call(const std::string& operation,
                                               const boost::json::object& arguments);
  // Every page of a list: the members of `name`, following `next`.
  std::expected<boost::json::array, int> call_all(const std::string& operation,
                                                  std::string_view name);

  // JSON with --json, else the text. Returns kOk.
  int answer(const boost::json::value& value, const std::string& text);
  int fail(int exit_code, std::string_view problem, std::string_view next);

 private:
  int print(const Error& error);

  const Parsed& parsed_;
  const Hooks& hooks_;
  Console& console_;
  const config::Loaded* loaded_;
  std::unique_ptr<Transport> transport_;
};

}  // namespace claviger::cli
