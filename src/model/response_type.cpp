#include "model/response_type.hpp"

#include <array>
#include <cstdlib>
#include <utility>

namespace claviger {
namespace {

constexpr std::array<std::pair<std::string_view, bool ResponseType::*>, 3> kWords{{
    {"code", &ResponseType::code},
    {"id_token", &ResponseType::id_token},
    {"token", &ResponseType::token},
}};

// False: the word is unknown or came before.
bool take(ResponseType& type, std::string_view word) {
  for (const auto& [known, member] : kWords) {
    if (word == known) return !std::exchange(type.*member, true);
  }
  return false;
}

}  // namespace

std::optional<ResponseType> parse_response_type(std::string_view words) {
  ResponseType type;
  for (;;) {
    const auto space = words.find(' ');
    if (!take(type, words.substr(0, space))) return {};
    if (space == std::string_view::npos) return type;
    words.remove_prefix(space + 1);
  }
}

std::string to_string(ResponseType type) {
  std::string text;
  for (const auto& [word, member] : kWords) {
    if (!(type.*member)) continue;
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

std::optional<ResponseMode> parse_response_mode(std::string_view word) {
  for (const auto mode : {ResponseMode::query, ResponseMode::fragment, ResponseMode::form_post}) {
    if (word == to_string(mode)) return mode;
  }
  return {};
}

std::string_view to_string(ResponseMode mode) {
  switch (mode) {
    case ResponseMode::query:
      return "query";
    case ResponseMode::fragment:
      return "fragment";
    case ResponseMode::form_post:
      return "form_post";
  }
  std::abort();
}

ResponseMode default_response_mode(ResponseType type) {
  return type.is_front_channel() ? ResponseMode::fragment : ResponseMode::query;
}

}  // namespace claviger
