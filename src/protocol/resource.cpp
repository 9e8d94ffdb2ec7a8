#include "protocol/resource.hpp"

#include <algorithm>
#include <boost/url.hpp>

#include "base/limits.hpp"
#include "base/reasons/resource.hpp"
#include "base/text.hpp"

namespace claviger::protocol {
namespace {

bool is_resource(std::string_view uri) {
  return uri.size() <= limits::kUriBytes && uri.find('#') == std::string_view::npos &&
         boost::urls::parse_uri(uri).has_value();
}

}  // namespace

Result<std::vector<std::string>> parse_resources(const Form& form, const Policy& policy) {
  std::vector<std::string> resources;
  for (const auto uri : form.all("resource")) {
    if (std::ranges::find(resources, uri) != resources.end()) continue;
    if (!is_resource(uri) || resources.size() == limits::kResources) {
      return refused(reason::resource_malformed, {}, excerpt(uri));
    }
    // Byte for byte: another spelling is another audience to whoever compares it later.
    const bool offered =
        uri == policy.issuer || std::ranges::find(policy.resources, uri) != policy.resources.end();
    if (!offered) return refused(reason::resource_unknown, {}, excerpt(uri));
    resources.emplace_back(uri);
  }
  return resources;
}

}  // namespace claviger::protocol
