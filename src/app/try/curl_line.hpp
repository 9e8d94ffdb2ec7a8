// A request as a line for a shell. What is secret becomes a variable, so that the line may be shown
// and copied anywhere.
#pragma once
#include <string>

#include "outbound/fetcher.hpp"

namespace claviger::app {

std::string curl_line(const outbound::Request& request, const std::string& ca_file);

}  // namespace claviger::app
