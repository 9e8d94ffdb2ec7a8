// Lists of texts in JSON, as registrations bring them.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace claviger::protocol {

// Nothing when the value is no array, or something in it is no string.
inline std::optional<std::vector<std::string>> read_strings(const boost::json::value& value) {
  const auto* array = value.if_array();
  if (array == nullptr) return {};
  std::vector<std::string> strings;
  for (const auto& element : *array) {
    const auto* text = element.if_string();
    if (text == nullptr) return {};
    strings.emplace_back(std::string_view(*text));
  }
  return strings;
}

}  // namespace claviger::protocol
