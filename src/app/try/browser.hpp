// The person's browser, where there is a screen to show it on.
#pragma once
#include <string>

namespace claviger::app {

// False: there is no display, or nothing that could open an address.
bool open_browser(const std::string& url);

}  // namespace claviger::app
