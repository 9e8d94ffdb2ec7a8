#include <stdexcept>

#include "base/embedded_file.hpp"
#include "pages/pages.hpp"

namespace claviger::embedded {
std::span<const EmbeddedFile> web_assets();
}

namespace claviger::pages {
namespace {

std::string_view content_type(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml; charset=utf-8";
  throw std::runtime_error("asset of unknown type: " + std::string(name));
}

// "claviger.css" -> "/assets/claviger.0123456789ab.css": a changed file has another address, so
// that browsers may keep each for ever.
std::string hashed_path(const EmbeddedFile& file) {
  const auto dot = file.name.rfind('.');
  return "/assets/" + std::string(file.name.substr(0, dot)) + "." +
         std::string(file.sha256.substr(0, 12)) + std::string(file.name.substr(dot));
}

}  // namespace

const std::vector<Asset>& assets() {
  static const std::vector<std::string> paths = [] {
    std::vector<std::string> made;
    for (const auto& file : embedded::web_assets()) made.push_back(hashed_path(file));
    return made;
  }();
  static const std::vector<Asset> all = [] {
    std::vector<Asset> made;
    for (const auto& file : embedded::web_assets()) {
      made.push_back({paths[made.size()], content_type(file.name), file.content});
    }
    return made;
  }();
  return all;
}

}  // namespace claviger::pages
