// Collects complaints while a source is read, in the order of their place in it.
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/keys.hpp"
#include "config/load.hpp"

namespace claviger::config {

struct Place {
  std::size_t line = 0;
  std::size_t column = 0;
  std::size_t width = 1;  // how much of the line is marked
};

class FileComplaints {
 public:
  FileComplaints(std::string file, std::string_view text) : file_(std::move(file)), text_(text) {}

  void add(Place place, std::string message, std::string help);
  std::vector<Complaint> sorted() &&;

 private:
  std::string excerpt(Place place) const;

  std::string file_;
  std::string_view text_;
  std::multimap<std::pair<std::size_t, std::size_t>, Complaint> entries_;  // by line, column
};

// "did you mean ...", or, where the word is a key of another section, where it belongs.
std::string suggest_key(std::string_view section, std::string_view word);
std::string suggest_section(std::string_view word);
std::string suggest_dotted(std::string_view dotted);
std::string suggest_env(std::string_view name);

}  // namespace claviger::config
