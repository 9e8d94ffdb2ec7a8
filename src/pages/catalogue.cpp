#include "pages/catalogue.hpp"

#include <boost/locale/gnu_gettext.hpp>
#include <boost/locale/message.hpp>
#include <stdexcept>

#include "base/embedded_file.hpp"

namespace claviger::embedded {
std::span<const EmbeddedFile> catalogues();
}

namespace claviger::pages {
namespace {

constexpr auto kDomain = "claviger";

std::vector<char> embedded_catalogue(std::string_view language) {
  for (const auto& file : embedded::catalogues()) {
    if (file.name == std::string(language) + ".mo") {
      return {file.content.begin(), file.content.end()};
    }
  }
  return {};
}

std::locale load(Locale locale) {
  boost::locale::gnu_gettext::messages_info info;
  info.language = tag(locale);
  info.encoding = "UTF-8";
  info.domains.emplace_back(kDomain);
  info.paths.emplace_back("embedded");  // searched by the callback alone, never on a disk
  info.callback = [locale](const std::string&, const std::string&) {
    return embedded_catalogue(tag(locale));
  };
  return {std::locale::classic(), boost::locale::gnu_gettext::create_messages_facet<char>(info)};
}

}  // namespace

Catalogue::Catalogue(Locale locale)
    : identity_(locale == Locale::en),
      messages_(identity_ ? std::locale::classic() : load(locale)) {}

std::optional<std::string> Catalogue::find(const std::string& msgid) const {
  if (identity_) return msgid;
  const auto& facet = std::use_facet<boost::locale::message_format<char>>(messages_);
  const char* text = facet.get(facet.domain(kDomain), nullptr, msgid.c_str());
  if (text == nullptr || *text == '\0') return std::nullopt;
  return std::string(text);
}

}  // namespace claviger::pages
