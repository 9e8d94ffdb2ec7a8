#include "app/listeners.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace claviger::app {

namespace {

http::Listener listener(std::string address, std::uint16_t port, bool optional) {
  http::Listener made;
  made.address = std::move(address);
  made.port = port;
  made.optional = optional;
  return made;
}

std::uint16_t parse_port(const std::string& entry, std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw std::runtime_error(fmt::format("server.listen: {} has no port number", entry));
  }
  return port;
}

}  // namespace

std::vector<http::Listener> parse_listeners(const std::vector<std::string>& listen) {
  std::vector<http::Listener> listeners;
  for (const auto& entry : listen) {
    const auto colon = entry.rfind(':');
    if (colon == std::string::npos) {
      throw std::runtime_error(fmt::format("server.listen: {} is not address:port", entry));
    }
    std::string host = entry.substr(0, colon);
    const auto port = parse_port(entry, std::string_view(entry).substr(colon + 1));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host == "localhost") {
      listeners.push_back(listener("127.0.0.1", port, false));
      listeners.push_back(listener("::1", port, true));
    } else {
      listeners.push_back(listener(host == "*" ? "0.0.0.0" : host, port, false));
    }
  }
  return listeners;
}

}  // namespace claviger::app
