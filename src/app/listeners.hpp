// "localhost:2003", "[::1]:2003", "*:2003" -> the addresses to listen on.
#pragma once
#include <string>
#include <vector>

#include "http/server.hpp"

namespace claviger::app {

// `localhost` means 127.0.0.1 and, where there is one, ::1. Throws std::runtime_error for anything
// else than address:port.
std::vector<http::Listener> parse_listeners(const std::vector<std::string>& listen);

}  // namespace claviger::app
