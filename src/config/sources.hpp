// One reader for each place that settings come from. Each adds to what was read before and
// collects what is wrong instead of stopping at it.
#pragma once
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"

namespace claviger::config {

// The text of a small file, or why it can't be had.
using ReadFile = std::function<std::expected<std::string, std::string>(const std::string& path)>;

struct Reading {
  Loaded loaded;
  std::vector<Complaint> complaints;
  ReadFile read_file;
};

// Every key with its default.
Reading begin_reading(ReadFile read_file);
void read_toml(std::string_view text, const std::string& name, Reading& reading);
void read_environment(const std::map<std::string, std::string>& environment, Reading& reading);
void read_overrides(const std::map<std::string, std::string>& overrides, Reading& reading);
// Rules that span keys, beside what was wrong before.
std::expected<Loaded, std::vector<Complaint>> finish_reading(Reading reading);

}  // namespace claviger::config
