// What `claviger doctor` says of the servers that share a database.
#pragma once
#include <boost/json.hpp>

namespace claviger::app {

// `listed`: what the operation node.list answered.
boost::json::object judge_nodes(const boost::json::object& listed);

}  // namespace claviger::app
