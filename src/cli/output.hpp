// How answers look: aligned columns for people, indented JSON for programs.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claviger::cli {

std::string pretty(const boost::json::value& value);

using Row = std::vector<std::string>;
// A line of headings and one for each row, columns aligned; without rows `empty` alone.
std::string table(const Row& headings, const std::vector<Row>& rows, std::string_view empty);
// "name   value" lines; pairs without a value are left out.
std::string fields(const std::vector<std::pair<std::string, std::string>>& pairs);

// A member as text: strings as they are, lists joined by a space, everything else as JSON.
std::string text_of(const boost::json::object& object, std::string_view name);

}  // namespace claviger::cli
