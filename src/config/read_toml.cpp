#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "config/complaints.hpp"
#include "config/sources.hpp"
#include "config/toml_guard.hpp"
#include "config/values.hpp"

namespace claviger::config {
namespace {

Place place_of(const toml::source_region& region) {
  Place place{region.begin.line, region.begin.column, 1};
  if (region.end.line == region.begin.line && region.end.column > region.begin.column) {
    place.width = region.end.column - region.begin.column;
  }
  return place;
}

// What a TOML value is to us; nothing for dates, tables, and lists of anything but texts.
std::optional<Value> value_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* yes = node.as_boolean()) return yes->get();
  const auto* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> items;
  for (const auto& item : *array) {
    const auto* text = item.as_string();
    if (text == nullptr) return std::nullopt;
    items.push_back(text->get());
  }
  return items;
}

class TomlReader {
 public:
  TomlReader(std::string_view text, const std::string& name, Reading& reading)
      : text_(text), name_(name), reading_(reading), complaints_(name, text) {}

  void read() {
    if (text_.size() > kMaxFileBytes) {
      complaints_.add({1, 1}, "the file is larger than 1 MiB", "");
    } else if (const auto line = line_of_long_key(text_)) {
      complaints_.add({*line, 1},
                      fmt::format("a key has more than {} parts separated by dots", kMaxKeyParts),
                      "");
    } else {
      parse();
    }
    auto sorted = std::move(complaints_).sorted();
    std::ranges::move(sorted, std::back_inserter(reading_.complaints));
  }

 private:
  void parse() {
    try {
      const auto table = toml::parse(text_, std::string_view(name_));
      for (const auto& [key, node] : table) read_top(key, node);
    } catch (const toml::parse_error& error) {
      complaints_.add(place_of(error.source()),
                      "this is not TOML: " + std::string(error.description()), "");
    }
  }

  void read_top(const toml::key& key, const toml::node& node) {
    const auto word = key.str();
    const bool is_section = std::ranges::any_of(
        all_sections(), [&](const Section& section) { return section.name == word; });
    if (!is_section && !node.is_table()) return read_value("", key, node);
    if (!is_section) {
      return complaints_.add(place_of(key.source()),
                             fmt::format("unknown section [{}]", printable(word)),
                             suggest_section(word));
    }
    const auto* table = node.as_table();
    if (table == nullptr) {
      return complaints_.add(place_of(key.source()),
                             fmt::format("[{}] is a section, not a value", word),
                             fmt::format("write [{}] on a line of its own", word));
    }
    for (const auto& [inner, value] : *table) read_value(std::string(word), inner, value);
  }

  void read_value(const std::string& section, const toml::key& key, const toml::node& node) {
    const std::string word(key.str());
    const auto dotted = section.empty() ? word : section + "." + word;
    if (const auto* found = find_key(dotted)) return store(*found, key, node);
    if (word.ends_with("_file")) {
      const auto* twin = find_key(dotted.substr(0, dotted.size() - 5));
      if (twin != nullptr && kind_of(*twin) == Kind::secret) return store_file(*twin, key, node);
    }
    const auto in = section.empty() ? std::string() : " in [" + section + "]";
    complaints_.add(place_of(key.source()),
                    fmt::format("unknown key \"{}\"{}", printable(word), in),
                    suggest_key(section, word));
  }

  void store(const Key& key, const toml::key& written, const toml::node& node) {
    if (!claim(key, written)) return;
    const auto value = value_of(node);
    const auto fault =
        value ? assign(key, *value, reading_.loaded.settings)
              : Fault{title_of(key) + " must be " + std::string(shape_of(kind_of(key))), ""};
    if (!fault) return set_origin(key, written);
    auto place = place_of(node.source());
    // A secret's value is not shown; then the mark stands under the key.
    if (kind_of(key) == Kind::secret) place = place_of(written.source());
    complaints_.add(place, fault->problem, fault->help);
  }

  void store_file(const Key& key, const toml::key& written, const toml::node& node) {
    if (!claim(key, written)) return;
    const auto place = place_of(written.source());
    const auto* path = node.as_string();
    if (path == nullptr) {
      return complaints_.add(place, title_of(key) + "_file must be the path of a file", "");
    }
    const auto text = reading_.read_file(path->get());
    if (!text) return complaints_.add(place, title_of(key) + "_file: " + text.error(), "");
    const auto fault = assign(key, *text, reading_.loaded.settings);
    if (fault) return complaints_.add(place, fault->problem, fault->help);
    set_origin(key, written);
  }

  // A key and its _file twin in one file contradict each other.
  bool claim(const Key& key, const toml::key& written) {
    if (claimed_.insert(&key).second) return true;
    complaints_.add(
        place_of(written.source()),
        fmt::format("{} is given twice: itself and as {}_file", title_of(key), word_of(key)),
        "keep one of them");
    return false;
  }

  void set_origin(const Key& key, const toml::key& written) {
    reading_.loaded.origin[std::string(key.name)] =
        fmt::format("{}:{}", name_, written.source().begin.line);
  }

  static std::string printable(std::string_view word) {
    std::string out(word.substr(0, 64));
    for (auto& c : out) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"') c = '?';
    }
    return is_utf8(out) ? out : "?";
  }

  std::string_view text_;
  const std::string& name_;
  Reading& reading_;
  FileComplaints complaints_;
  std::set<const Key*> claimed_;
};

}  // namespace

void read_toml(std::string_view text, const std::string& name, Reading& reading) {
  TomlReader(text, name, reading).read();
}

}  // namespace claviger::config
