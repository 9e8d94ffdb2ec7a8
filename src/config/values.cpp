#include "config/values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.hpp"

namespace claviger::config {
namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::int64_t seconds_in(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    default:
      return 0;
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto item = trimmed(text.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return items;
}

std::string bound_text(Kind kind, double bound) {
  if (kind == Kind::duration) return write_duration(Seconds(static_cast<std::int64_t>(bound)));
  return fmt::format("{}", bound);
}

std::optional<Fault> judge_bounds(const Key& key, double size) {
  if (size >= key.least && size <= key.most) return std::nullopt;
  const auto kind = kind_of(key);
  const auto least = bound_text(kind, key.least);
  const auto most = bound_text(kind, key.most);
  std::string what = "must be between {} and {}";
  if (kind == Kind::text || kind == Kind::secret) what = "must have between {} and {} bytes";
  if (kind == Kind::list) what = "must have between {} and {} items";
  return Fault{title_of(key) + " " + fmt::format(fmt::runtime(what), least, most), ""};
}

std::optional<Fault> judge_choice(const Key& key, const std::string& text) {
  if (key.choices.empty()) return std::nullopt;
  const auto words = split_words(key.choices);
  std::vector<std::string_view> candidates(words.begin(), words.end());
  for (const auto word : candidates) {
    if (word == text) return std::nullopt;
  }
  const auto near = nearest_spelling(text, candidates);
  std::string all;
  for (const auto word : candidates) all += (all.empty() ? "" : ", ") + std::string(word);
  return Fault{title_of(key) + " must be one of: " + all,
               near.empty() ? "" : "did you mean \"" + std::string(near) + "\"?"};
}

std::optional<Fault> judge_text(const Key& key, std::string_view text) {
  if (!is_utf8(text) || has_control_character(text)) {
    return Fault{title_of(key) + " has a control character or is not UTF-8", ""};
  }
  return judge_bounds(key, static_cast<double>(text.size()));
}

// One overload for each pair of what was given and where it goes; any other pair is of the wrong
// kind.
struct Store {
  const Key& key;

  std::optional<Fault> operator()(const std::string& text, std::string* slot) const {
    auto fault = judge_text(key, text);
    if (!fault) fault = judge_choice(key, text);
    if (!fault) *slot = text;
    return fault;
  }
  std::optional<Fault> operator()(const std::string& text, Secret* slot) const {
    auto fault = judge_text(key, text);
    if (!fault) *slot = Secret(text);
    return fault;
  }
  std::optional<Fault> operator()(const std::vector<std::string>& items,
                                  std::vector<std::string>* slot) const {
    auto fault = judge_bounds(key, static_cast<double>(items.size()));
    for (const auto& item : items) {
      if (fault) break;
      if (item.empty() || !is_utf8(item) || has_control_character(item)) {
        fault = Fault{title_of(key) + " has an empty item or one with a control character", ""};
      }
    }
    if (!fault) *slot = items;
    return fault;
  }
  std::optional<Fault> operator()(std::int64_t number, int* slot) const {
    auto fault = judge_bounds(key, static_cast<double>(number));
    if (!fault) *slot = static_cast<int>(number);
    return fault;
  }
  std::optional<Fault> operator()(std::int64_t number, std::uint64_t* slot) const {
    auto fault = judge_bounds(key, static_cast<double>(number));
    if (!fault) *slot = static_cast<std::uint64_t>(number);
    return fault;
  }
  std::optional<Fault> operator()(std::int64_t number, double* slot) const {
    return (*this)(static_cast<double>(number), slot);
  }
  std::optional<Fault> operator()(double number, double* slot) const {
    auto fault = judge_bounds(key, std::isfinite(number) ? number : -1);
    if (!fault) *slot = number;
    return fault;
  }
  std::optional<Fault> operator()(bool yes, bool* slot) const {
    *slot = yes;
    return std::nullopt;
  }
  std::optional<Fault> operator()(Seconds duration, Seconds* slot) const {
    auto fault = judge_bounds(key, static_cast<double>(duration.count()));
    if (!fault) *slot = duration;
    return fault;
  }
  template <class Given, class Slot_>
  std::optional<Fault> operator()(const Given&, Slot_*) const {
    return Fault{title_of(key) + " must be " + std::string(shape_of(kind_of(key))), ""};
  }
};

struct Write {
  std::string operator()(const std::string* text) const { return quote_toml(*text); }
  std::string operator()(const Secret* secret) const { return quote_toml(secret->reveal()); }
  std::string operator()(const std::vector<std::string>* items) const {
    std::string out;
    for (const auto& item : *items) out += (out.empty() ? "" : ", ") + quote_toml(item);
    return "[" + out + "]";
  }
  std::string operator()(const bool* yes) const { return *yes ? "true" : "false"; }
  std::string operator()(const Seconds* duration) const {
    return quote_toml(write_duration(*duration));
  }
  std::string operator()(const auto* number) const { return fmt::format("{}", *number); }
};

}  // namespace

std::optional<Seconds> parse_duration(std::string_view text) {
  constexpr std::int64_t kMost = 10'000ll * 86400;  // far above every bound, far below overflow
  std::int64_t total = 0;
  std::int64_t last_unit = std::numeric_limits<std::int64_t>::max();
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const auto digits = text.find_first_not_of("0123456789");
    if (digits == std::string_view::npos || digits == 0 || digits > 10) return std::nullopt;
    const auto number = parse_number<std::int64_t>(text.substr(0, digits));
    const auto unit = seconds_in(text[digits]);
    if (!number || unit == 0 || unit >= last_unit) return std::nullopt;
    if (*number > kMost / unit) return std::nullopt;
    total += *number * unit;
    last_unit = unit;
    text.remove_prefix(digits + 1);
  }
  return Seconds(total);
}

std::string write_duration(Seconds duration) {
  const auto seconds = duration.count();
  for (const char unit : {'d', 'h', 'm'}) {
    const auto length = seconds_in(unit);
    if (seconds != 0 && seconds % length == 0) return fmt::format("{}{}", seconds / length, unit);
  }
  return fmt::format("{}s", seconds);
}

std::string_view shape_of(Kind kind) {
  switch (kind) {
    case Kind::text:
    case Kind::secret:
      return "a text in quotes";
    case Kind::list:
      return "a list of texts, such as [\"a\", \"b\"]";
    case Kind::integer:
      return "a whole number";
    case Kind::number:
      return "a number";
    case Kind::boolean:
      return "true or false";
    case Kind::duration:
      return "a duration such as \"90s\", \"10m\", \"1h30m\" or \"14d\"";
  }
  return "";
}

std::expected<Value, std::string> parse_value(const Key& key, std::string_view text) {
  const auto kind = kind_of(key);
  switch (kind) {
    case Kind::text:
    case Kind::secret:
      return std::string(text);
    case Kind::list:
      return split_commas(text);
    case Kind::integer:
      if (const auto number = parse_number<std::int64_t>(text)) return *number;
      break;
    case Kind::number:
      if (const auto number = parse_number<double>(text)) return *number;
      break;
    case Kind::boolean:
      if (text == "true") return true;
      if (text == "false") return false;
      break;
    case Kind::duration:
      if (const auto duration = parse_duration(text)) return *duration;
      break;
  }
  return std::unexpected(std::string(shape_of(kind)));
}

std::optional<Fault> assign(const Key& key, const Value& value, Settings& settings) {
  // A duration arrives from a TOML file as the text it is written as.
  if (kind_of(key) == Kind::duration) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      if (const auto duration = parse_duration(*text)) return assign(key, *duration, settings);
    }
  }
  return std::visit(Store{key}, value, key.slot(settings));
}

std::string write_toml(const Key& key, Settings& settings) {
  return std::visit(Write{}, key.slot(settings));
}

std::string quote_toml(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;  // control characters never get into a setting
  }
  return out + "\"";
}

}  // namespace claviger::config
