// How the command line reaches the operations: a running server's socket, else the store itself.
#pragma once
#include <memory>
#include <string>

#include "cli/cli.hpp"
#include "config/load.hpp"

namespace claviger::app {

std::unique_ptr<cli::Transport> connect(const config::Loaded& loaded);
// nullptr: no server runs here.
std::unique_ptr<cli::Transport> connect_to_running(const config::Loaded& loaded);
// The status that GET `path` gets from the configured listener; 0 when nothing answers.
int probe(const config::Loaded& loaded, const std::string& path);

}  // namespace claviger::app
