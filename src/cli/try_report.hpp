// The report of a flow as text for people.
#pragma once
#include <boost/json.hpp>
#include <string>

namespace claviger::cli {

// `tokens`: as they are, too; otherwise only what is written in them.
std::string describe_try(const boost::json::object& report, bool tokens);

}  // namespace claviger::cli
