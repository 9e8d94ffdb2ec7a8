// `claviger backup`, `restore` and `store new-epoch`: copies of the data, and what tells the data
// of before from the data of now.
#pragma once
#include "cli/cli.hpp"

namespace claviger::app {

// All of them throw std::runtime_error with a sentence for the operator. `progress` gets a line
// that takes the place of the one before.
using Progress = std::function<void(const std::string&)>;

// By the running server, or in this process when none runs.
boost::json::object back_up(const config::Loaded& loaded, const cli::BackupRequest& request,
                            const Progress& progress);
// Looks at a backup and, unless that is all that was asked for, makes a data folder of it.
boost::json::object restore(const config::Loaded& loaded, const cli::RestoreRequest& request,
                            const Progress& progress);
boost::json::object raise_epoch(const config::Loaded& loaded);

}  // namespace claviger::app
