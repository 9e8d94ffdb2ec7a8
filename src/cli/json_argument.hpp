// JSON in the argument list: the object itself, or the name of a file that holds it.
#pragma once
#include <boost/json.hpp>
#include <expected>
#include <string_view>

#include "cli/invocation.hpp"

namespace claviger::cli {

// The object that `option` names; an empty one when it was not given. The error is the exit code;
// what went wrong has been printed.
std::expected<boost::json::object, int> read_json_argument(Invocation& in, std::string_view option);

}  // namespace claviger::cli
