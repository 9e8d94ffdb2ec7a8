// Values of settings: how they are written, and whether they are in bounds.
#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/keys.hpp"

namespace claviger::config {

using Value =
    std::variant<std::string, std::vector<std::string>, std::int64_t, double, bool, Seconds>;

// "90s", "10m", "14d", "1h30m". Nothing: anything else.
std::optional<Seconds> parse_duration(std::string_view text);
std::string write_duration(Seconds duration);

// From the environment or the command line; a list's items are separated by commas.
// The error is what a value has to look like: "a duration such as 90s, 10m or 14d".
std::expected<Value, std::string> parse_value(const Key& key, std::string_view text);
std::string_view shape_of(Kind kind);

// What is wrong with a value, for the operator. `help`, when there is one, names the right word.
struct Fault {
  std::string problem;
  std::string help;
};
// Checks kind, choices and bounds, then stores. Nothing: stored.
std::optional<Fault> assign(const Key& key, const Value& value, Settings& settings);

// As the file writes it: "10m" with its quotes, [ ... ], true. A secret in full: callers mask.
std::string write_toml(const Key& key, Settings& settings);
std::string quote_toml(std::string_view text);

}  // namespace claviger::config
