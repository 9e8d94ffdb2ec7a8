#include "endpoints/protected_resource.hpp"

#include <set>

#include "protocol/metadata.hpp"

namespace claviger::endpoints {

namespace {

Task<http::Response> serve(const Deps& deps, const std::string& resource) {
  co_return http::json_response(200, protocol::protected_resource_metadata(resource, deps.policy));
}

}  // namespace

void add_protected_resources(http::Router& router, const Deps& deps) {
  std::vector<std::string> resources{deps.policy.issuer};
  resources.insert(resources.end(), deps.policy.resources.begin(), deps.policy.resources.end());
  std::set<std::string> served;
  for (const auto& resource : resources) {
    const auto path = protocol::protected_resource_path(resource, deps.policy);
    if (!path || !served.insert(*path).second) continue;
    // The route only looks at its path: the handler, which lives as long, owns it.
    const auto kept = std::make_shared<const std::string>(*path);
    http::Route route;
    route.path = *kept;
    route.handler = [kept, resource, &deps](const http::Request&) { return serve(deps, resource); };
    route.cors = http::Cors::any_origin;
    route.cache = http::Cache::revalidate;
    router.add(std::move(route));
  }
}

}  // namespace claviger::endpoints
