// `claviger serve`: the real clock, disk, threads and sockets under one node, until a signal ends
// it.
#pragma once
#include "cli/cli.hpp"
#include "config/load.hpp"

namespace claviger::app {

// Returns the exit code; whatever stops the start is said in a sentence on standard error.
int serve(const config::Loaded& loaded, const cli::ServeOptions& options);

}  // namespace claviger::app
