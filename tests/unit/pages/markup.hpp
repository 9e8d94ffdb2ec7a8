// A strict little reader of our own HTML, so that tests compare elements and attributes, not text.
#pragma once
#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claviger::pages::markup {

struct Element {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;  // values as written, not unescaped
  bool end = false;
  bool empty = false;  // <path .../>

  std::optional<std::string> find(std::string_view attribute) const {
    for (const auto& [name_, value] : attributes) {
      if (name_ == attribute) return value;
    }
    return std::nullopt;
  }
};

inline bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '!' || c == ':';
}

inline std::string take_name(std::string_view& rest) {
  std::string name;
  while (!rest.empty() && is_name(rest.front())) {
    name += rest.front();
    rest.remove_prefix(1);
  }
  return name;
}

inline void take(std::string_view& rest, char wanted) {
  if (rest.empty() || rest.front() != wanted) {
    throw std::runtime_error("expected " + std::string(1, wanted) + " at " +
                             std::string(rest.substr(0, 30)));
  }
  rest.remove_prefix(1);
}

inline std::pair<std::string, std::string> take_attribute(std::string_view& rest) {
  auto name = take_name(rest);
  if (name.empty()) throw std::runtime_error("no attribute at " + std::string(rest.substr(0, 30)));
  if (rest.empty() || rest.front() != '=') return {name, ""};
  rest.remove_prefix(1);
  take(rest, '"');  // an unquoted value is never ours
  const auto end = rest.find('"');
  if (end == std::string_view::npos) throw std::runtime_error("open attribute " + name);
  std::string value(rest.substr(0, end));
  rest.remove_prefix(end + 1);
  return {name, value};
}

inline std::vector<Element> read(std::string_view rest) {
  std::vector<Element> elements;
  while (true) {
    const auto begin = rest.find('<');
    if (begin == std::string_view::npos) return elements;
    rest.remove_prefix(begin + 1);
    Element element;
    if (!rest.empty() && rest.front() == '/') {
      element.end = true;
      rest.remove_prefix(1);
    }
    element.name = take_name(rest);
    while (!rest.empty() && rest.front() == ' ') {
      rest.remove_prefix(1);
      element.attributes.push_back(take_attribute(rest));
    }
    if (!rest.empty() && rest.front() == '/') {
      element.empty = true;
      rest.remove_prefix(1);
    }
    take(rest, '>');
    elements.push_back(std::move(element));
  }
}

inline bool is_void(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kVoid{"!DOCTYPE", "meta", "link", "input",
                                                         "img"};
  return std::ranges::find(kVoid, name) != kVoid.end();
}

// What is wrong with the nesting; empty when nothing is.
inline std::string nesting_fault(const std::vector<Element>& elements) {
  std::vector<std::string> open;
  for (const auto& element : elements) {
    if (element.empty || is_void(element.name)) continue;
    if (!element.end) {
      open.push_back(element.name);
    } else if (open.empty() || open.back() != element.name) {
      return "</" + element.name + "> closes " + (open.empty() ? "nothing" : open.back());
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "never closed: " + open.back();
}

// Names of elements and attributes, in order, without any value: what a value can't change.
inline std::string skeleton(std::string_view html) {
  std::string text;
  for (const auto& element : read(html)) {
    text += (element.end ? "</" : "<") + element.name;
    for (const auto& [name, value] : element.attributes) text += " " + name;
    text += ">";
  }
  return text;
}

inline std::vector<Element> with_attribute(std::string_view html, std::string_view attribute,
                                           std::string_view value) {
  std::vector<Element> found;
  for (auto& element : read(html)) {
    if (element.find(attribute) == value) found.push_back(std::move(element));
  }
  return found;
}

}  // namespace claviger::pages::markup
