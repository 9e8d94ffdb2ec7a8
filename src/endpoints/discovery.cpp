#include "endpoints/discovery.hpp"

#include <set>

#include "protocol/metadata.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_metadata(const Deps& deps, const http::Request&) {
  const auto jwks = deps.keys.current()->jwks(deps.clock.now());
  std::set<std::string> algs;
  for (const auto& key : jwks.at("keys").as_array()) {
    algs.emplace(key.as_object().at("alg").as_string());
  }
  const std::vector<std::string> signing(algs.begin(), algs.end());
  co_return http::json_response(200, protocol::authorization_server_metadata(deps.policy, signing));
}

Task<http::Response> serve_jwks(const Deps& deps, const http::Request&) {
  co_return http::json_response(200, deps.keys.current()->jwks(deps.clock.now()));
}

}  // namespace claviger::endpoints
