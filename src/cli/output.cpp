#include "cli/output.hpp"

#include <algorithm>

#include "cli/console.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

// Characters, not bytes: names may be of any script.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, width_of(text)), ' ');
}

void write(const json::value& value, std::size_t depth, std::string& out);

template <class Items, class WriteItem>
void write_items(const Items& items, char open, char close, std::size_t depth, std::string& out,
                 WriteItem write_item) {
  if (items.empty()) {
    out += {open, close};
    return;
  }
  out += open;
  bool first = true;
  for (const auto& item : items) {
    out += first ? "\n" : ",\n";
    first = false;
    out += std::string(2 * depth + 2, ' ');
    write_item(item);
  }
  out += "\n" + std::string(2 * depth, ' ');
  out += close;
}

void write(const json::value& value, std::size_t depth, std::string& out) {
  if (const auto* object = value.if_object()) {
    write_items(*object, '{', '}', depth, out, [&](const json::key_value_pair& member) {
      out += json::serialize(json::string(member.key())) + ": ";
      write(member.value(), depth + 1, out);
    });
  } else if (const auto* array = value.if_array()) {
    write_items(*array, '[', ']', depth, out,
                [&](const json::value& item) { write(item, depth + 1, out); });
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string pretty(const json::value& value) {
  std::string out;
  write(value, 0, out);
  return out + "\n";
}

std::string table(const Row& headings, const std::vector<Row>& rows, std::string_view empty) {
  if (rows.empty()) return std::string(empty) + "\n";
  std::vector<Row> all{headings};
  for (const auto& row : rows) {
    auto& cells = all.emplace_back();
    for (const auto& cell : row) cells.push_back(harmless(cell));
  }
  std::vector<std::size_t> widths(headings.size(), 0);
  for (const auto& row : all) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string out;
  for (const auto& row : all) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += padded(row[i], widths[i]) + "  ";
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

std::string fields(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::size_t width = 0;
  for (const auto& [name, value] : pairs) {
    if (!value.empty()) width = std::max(width, name.size());
  }
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!value.empty()) out += padded(name, width) + "  " + harmless(value) + "\n";
  }
  return out;
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return {};
  if (const auto* string = value->if_string()) return {string->data(), string->size()};
  const auto* array = value->if_array();
  if (array == nullptr) return json::serialize(*value);
  std::string out;
  for (const auto& item : *array) {
    if (!out.empty()) out += ' ';
    const auto* string = item.if_string();
    out += string != nullptr ? std::string(string->data(), string->size()) : json::serialize(item);
  }
  return out;
}

}  // namespace claviger::cli
