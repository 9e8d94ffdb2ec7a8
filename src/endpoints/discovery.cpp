#include "endpoints/discovery.hpp"

#include "protocol/metadata.hpp"

namespace claviger::endpoints {

namespace {

// With a key that is active now: one that is only published ahead signs nothing yet.
std::vector<std::string> active_algs(const Deps& deps) {
  using crypto::Alg;
  const auto ring = deps.keys.current();
  const Time now = deps.clock.now();
  std::vector<std::string> algs;
  for (const Alg alg : {Alg::RS256, Alg::PS256, Alg::ES256, Alg::EdDSA}) {
    if (ring->signing_key(alg, now) != nullptr) algs.emplace_back(to_string(alg));
  }
  return algs;
}

}  // namespace

Task<http::Response> serve_metadata(const Deps& deps, const http::Request&) {
  const auto document = protocol::authorization_server_metadata(deps.policy, active_algs(deps));
  co_return http::json_response(200, document);
}

Task<http::Response> serve_jwks(const Deps& deps, const http::Request&) {
  auto response = http::json_response(200, deps.keys.current()->jwks(deps.clock.now()));
  response.headers.set("Cache-Control",
                       "public, max-age=" + std::to_string(deps.jwks_max_age.count()));
  co_return response;
}

}  // namespace claviger::endpoints
