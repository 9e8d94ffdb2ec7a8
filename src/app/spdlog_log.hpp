// Log events through spdlog: JSON lines when nobody watches, coloured text on a terminal.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/log.hpp"

namespace claviger::app {

// level: debug, info, notice, warning, error. format: auto, json, text. Written to standard error.
std::unique_ptr<Log> make_log(const std::string& level, const std::string& format);
// How many lines such a log could not take.
std::uint64_t dropped_lines(const Log& log);

}  // namespace claviger::app
