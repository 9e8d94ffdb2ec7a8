#include <boost/url/parse.hpp>
#include <set>

#include "config/addresses.hpp"

namespace claviger::config {
namespace {

// What libpq would let another place or another way of asking come in by is not taken.
const std::set<std::string, std::less<>> kKnown{"host",
                                                "port",
                                                "user",
                                                "dbname",
                                                "password",
                                                "passfile",
                                                "sslmode",
                                                "sslrootcert",
                                                "sslcert",
                                                "sslkey",
                                                "sslcrl",
                                                "options",
                                                "ssl_min_protocol_version",
                                                "channel_binding",
                                                "application_name",
                                                "target_session_attrs"};

bool is_local(std::string_view host) {
  return host.empty() || host.starts_with('/') || is_loopback_host(host);
}

// Of a list: each of them.
bool are_local(std::string_view hosts) {
  const auto comma = hosts.find(',');
  if (comma == std::string_view::npos) return is_local(hosts);
  return is_local(hosts.substr(0, comma)) && are_local(hosts.substr(comma + 1));
}

// Of a primary and its standbys only the one that is primary now can be used.
bool finds_the_primary(std::string_view attributes) {
  return attributes == "read-write" || attributes == "primary";
}

}  // namespace

std::expected<StoreAddress, std::string> parse_store_url(std::string_view text) {
  const auto url = boost::urls::parse_uri(text);
  if (!url) return std::unexpected("is no URL");
  if (url->scheme() != "postgresql" && url->scheme() != "postgres") {
    return std::unexpected("is not of the scheme postgresql");
  }
  if (url->has_fragment()) return std::unexpected("has a fragment");
  std::string host = url->host();
  std::string attributes;
  StoreAddress address;
  for (const auto& parameter : url->params()) {
    if (!kKnown.contains(parameter.key)) {
      return std::unexpected("has a parameter that is not taken here");
    }
    if (parameter.key == "host") host = parameter.value;
    if (parameter.key == "sslmode") address.sslmode = parameter.value;
    if (parameter.key == "target_session_attrs") attributes = parameter.value;
  }
  if (host.find(',') != std::string::npos && !finds_the_primary(attributes)) {
    return std::unexpected("names several hosts without target_session_attrs=read-write");
  }
  address.local = are_local(host);
  return address;
}

}  // namespace claviger::config
