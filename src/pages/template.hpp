// A compiled template that any number of threads may render at once.
#pragma once
#include <kainjow/mustache.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace claviger::pages {

using Values = kainjow::mustache::data;

class Template {
 public:
  // Throws std::runtime_error when the text isn't well-formed.
  explicit Template(const std::string& text);
  std::string render(const Values& values) const;

 private:
  using Compiled = kainjow::mustache::mustache;
  std::unique_ptr<Compiled> take() const;
  void give_back(std::unique_ptr<Compiled> compiled) const;

  // Rendering changes the compiled object, so each render has one to itself. They are copied from
  // the first as needed: as many as ever rendered at the same time.
  const Compiled original_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Compiled>> idle_;
};

}  // namespace claviger::pages
