// The templates as they were compiled in, by name without ".mustache".
#pragma once
#include <string>
#include <string_view>

#include "pages/template_text.hpp"

namespace claviger::pages {

const Sources& template_sources();

// The whole document of one page, partials in place, messages not yet translated. The first line of
// a page's template is its title, the rest goes into the frame (base.mustache).
std::string page_text(std::string_view page);
// A document that stands for itself, without the frame and without messages.
std::string bare_text(std::string_view name);

}  // namespace claviger::pages
