#include "pages/template.hpp"

#include <stdexcept>

namespace claviger::pages {

Template::Template(const std::string& text) : original_(text) {
  if (!original_.is_valid()) {
    throw std::runtime_error("page template: " + original_.error_message());
  }
}

std::string Template::render(const Values& values) const {
  auto compiled = take();
  std::string html;
  html.reserve(8 * 1024);
  compiled->render(values, [&html](const std::string& piece) { html += piece; });
  if (!compiled->is_valid()) {
    throw std::runtime_error("page template: " + compiled->error_message());
  }
  give_back(std::move(compiled));
  return html;
}

std::unique_ptr<Template::Compiled> Template::take() const {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto compiled = std::move(idle_.back());
      idle_.pop_back();
      return compiled;
    }
  }
  return std::make_unique<Compiled>(original_);
}

void Template::give_back(std::unique_ptr<Compiled> compiled) const {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(compiled));
}

}  // namespace claviger::pages
