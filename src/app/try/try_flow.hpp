// `claviger try`: one flow from its begin to its end, as a client lives through it.
#pragma once
#include "cli/try.hpp"
#include "config/load.hpp"

namespace claviger::app {

cli::TryOutcome try_flow(const config::Loaded& loaded, const cli::TryRequest& request,
                         cli::TryWatcher& watcher);

}  // namespace claviger::app
