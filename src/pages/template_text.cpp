#include "pages/template_text.hpp"

#include <algorithm>
#include <stdexcept>

namespace claviger::pages {
namespace {

// Partials hold partials two or three deep; more is a recursion.
constexpr int kDeepest = 8;

std::runtime_error broken(std::string_view what, std::string_view where) {
  return std::runtime_error("page template: " + std::string(what) + ": " + std::string(where));
}

// Calls `on_inside` with what stands between each `open` and the next `close`, `on_outside` with
// the text between those.
template <class Outside, class Inside>
void walk(std::string_view text, std::string_view open, std::string_view close, Outside on_outside,
          Inside on_inside) {
  while (!text.empty()) {
    const auto begin = text.find(open);
    on_outside(text.substr(0, begin));
    if (begin == std::string_view::npos) return;
    text.remove_prefix(begin + open.size());
    const auto end = text.find(close);
    if (end == std::string_view::npos) throw broken("unclosed", text.substr(0, 40));
    on_inside(text.substr(0, end));
    text.remove_prefix(end + close.size());
  }
}

std::string collapsed(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!space) result += c;
    if (space && !result.empty() && result.back() != ' ') result += ' ';
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

void append_escaped(std::string& to, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        to += "&amp;";
        break;
      case '<':
        to += "&lt;";
        break;
      case '>':
        to += "&gt;";
        break;
      case '"':
        to += "&quot;";
        break;
      case '\'':
        to += "&apos;";
        break;
      default:
        to += c;
    }
  }
}

std::string escaped_outside_tags(std::string_view text) {
  std::string result;
  walk(
      text, "{{", "}}", [&](std::string_view words) { append_escaped(result, words); },
      [&](std::string_view tag) { (result += "{{").append(tag) += "}}"; });
  return result;
}

std::string expand(std::string_view text, const Sources& sources, int depth) {
  if (depth > kDeepest) throw broken("partials hold one another", text.substr(0, 40));
  std::string result;
  walk(
      text, "{{", "}}", [&](std::string_view words) { result += words; },
      [&](std::string_view tag) {
        const char kind = tag.empty() ? '{' : tag.front();
        if (kind == '{' || kind == '&' || kind == '=') throw broken("forbidden tag", tag);
        if (kind == '!') return;
        if (kind != '>') {
          (result += "{{").append(tag) += "}}";
          return;
        }
        const auto source = sources.find(collapsed(tag.substr(1)));
        if (source == sources.end()) throw broken("no such partial", tag);
        result += expand(source->second, sources, depth + 1);
      });
  return result;
}

}  // namespace

std::string expand_partials(std::string_view text, const Sources& sources) {
  return expand(text, sources, 0);
}

std::vector<std::string> find_messages(std::string_view text) {
  std::vector<std::string> messages;
  walk(
      text, "[[", "]]", [](std::string_view) {},
      [&](std::string_view message) { messages.push_back(collapsed(message)); });
  return messages;
}

std::vector<std::string> find_variables(std::string_view text) {
  std::vector<std::string> names;
  walk(
      text, "{{", "}}", [](std::string_view) {},
      [&](std::string_view tag) {
        const bool marked = !tag.empty() && std::string_view("#^/").contains(tag.front());
        names.push_back(collapsed(tag.substr(marked ? 1 : 0)));
      });
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

std::string translate_messages(std::string_view text, const Translate& translate) {
  std::string result;
  walk(
      text, "[[", "]]", [&](std::string_view words) { result += words; },
      [&](std::string_view message) {
        const auto msgid = collapsed(message);
        const auto translation = translate(msgid);
        if (!translation) throw broken("no translation", msgid);
        if (find_variables(*translation) != find_variables(msgid)) {
          throw broken("the translation names other variables", msgid);
        }
        result += escaped_outside_tags(*translation);
      });
  return result;
}

}  // namespace claviger::pages
