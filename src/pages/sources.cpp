#include "pages/sources.hpp"

#include <stdexcept>

#include "base/embedded_file.hpp"

namespace claviger::embedded {
std::span<const EmbeddedFile> templates();
}

namespace claviger::pages {

const Sources& template_sources() {
  static const Sources sources = [] {
    Sources made;
    for (const auto& file : embedded::templates()) {
      made.emplace(file.name.substr(0, file.name.rfind('.')), file.content);
    }
    return made;
  }();
  return sources;
}

namespace {

Sources::const_iterator find_source(const Sources& sources, std::string_view page) {
  const auto source = sources.find(page);
  if (source == sources.end()) {
    throw std::runtime_error("no page template named " + std::string(page));
  }
  return source;
}

}  // namespace

std::string bare_text(std::string_view name) {
  const auto& sources = template_sources();
  return expand_partials(find_source(sources, name)->second, sources);
}

std::string page_text(std::string_view page) {
  auto sources = template_sources();
  const auto source = find_source(sources, page);
  const auto line = source->second.find('\n');
  if (line == std::string::npos) throw std::runtime_error("a page begins with its title");
  sources["title"] = source->second.substr(0, line);
  sources["content"] = source->second.substr(line + 1);
  return expand_partials("{{> base}}", sources);
}

}  // namespace claviger::pages
