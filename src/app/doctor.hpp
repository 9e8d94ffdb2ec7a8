// `claviger doctor`: looks at everything that can be wrong around a server and says what to do.
#pragma once
#include <boost/json.hpp>

#include "config/load.hpp"

namespace claviger::app {

// One object {check, ok, detail, next} for each check. `calibrate` measures password hashing and
// proposes costs.
boost::json::array examine(const config::Loaded& loaded, bool calibrate);

}  // namespace claviger::app
