// All that one process counts. The parts are handed to the layers that they belong to.
#pragma once
#include "endpoints/metrics.hpp"
#include "http/metrics.hpp"
#include "store/metrics.hpp"

namespace claviger::app {

struct Metrics {
  http::Metrics http;
  store::Metrics store;
  endpoints::Metrics endpoints;
};

}  // namespace claviger::app
