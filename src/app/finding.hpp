// One line of `claviger doctor`.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <utility>

namespace claviger::app {

// `next` is what to do about it.
inline boost::json::object finding(const char* check, bool ok, std::string detail,
                                   std::string next = {}) {
  return {{"check", check}, {"ok", ok}, {"detail", std::move(detail)}, {"next", std::move(next)}};
}

}  // namespace claviger::app
