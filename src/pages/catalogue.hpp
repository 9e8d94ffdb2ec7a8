// The messages of one language: a gettext catalogue that is compiled in. English is the language
// of the templates themselves and needs none.
#pragma once
#include <locale>
#include <optional>
#include <string>

#include "pages/pages.hpp"

namespace claviger::pages {

class Catalogue {
 public:
  explicit Catalogue(Locale locale);
  // Nothing when the message has no translation.
  std::optional<std::string> find(const std::string& msgid) const;

 private:
  bool identity_;
  std::locale messages_;
};

}  // namespace claviger::pages
