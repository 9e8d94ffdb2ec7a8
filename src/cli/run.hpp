// The whole of a run with its streams handed in, for tests.
#pragma once
#include <string>
#include <vector>

#include "cli/cli.hpp"
#include "cli/console.hpp"

namespace claviger::cli {

int run(const std::vector<std::string>& arguments, const Hooks& hooks, Console& console);

}  // namespace claviger::cli
