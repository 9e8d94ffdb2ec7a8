// How long the machine has been running, sleep included: what no setting of the clock changes.
#pragma once
#include <functional>

#include "base/time.hpp"

namespace claviger {

using Uptime = std::function<Duration()>;

Duration system_uptime();

}  // namespace claviger
