#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "pages/pages.hpp"

namespace claviger::pages {
namespace {

// Nobody has more languages than this; the rest of a longer header isn't looked at.
constexpr std::size_t kMostTags = 32;

constexpr std::array<std::pair<std::string_view, Locale>, 2> kLocales{
    {{"en", Locale::en}, {"de", Locale::de}}};

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// "de-AT" is German to us (RFC4647-3.4): the primary subtag decides. The set is fixed and compiled
// in, so that a tag can name neither a file nor a cache entry (XS-05).
std::optional<Locale> known(std::string_view tag) {
  const auto primary = tag.substr(0, tag.find('-'));
  for (const auto& [name, locale] : kLocales) {
    if (iequals_ascii(primary, name)) return locale;
  }
  return std::nullopt;
}

// A weight in thousandths, 1000 when there is none (RFC9110-12.4.2); malformed: 0, never chosen.
int weight(std::string_view parameter) {
  if (parameter.empty()) return 1000;
  if (parameter.size() < 3 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=') {
    return 0;
  }
  const auto value = parameter.substr(2);
  if (value.size() > 5 || (value[0] != '0' && value[0] != '1')) return 0;
  if (value.size() > 1 && value[1] != '.') return 0;
  int thousandths = (value[0] - '0') * 1000;
  int place = 100;
  for (const char digit : value.substr(std::min<std::size_t>(2, value.size()))) {
    if (digit < '0' || digit > '9') return 0;
    thousandths += (digit - '0') * place;
    place /= 10;
  }
  return thousandths > 1000 ? 0 : thousandths;
}

std::optional<Locale> from_accept_language(std::string_view header) {
  std::optional<Locale> best;
  int best_weight = 0;
  for (std::size_t count = 0; count < kMostTags && !header.empty(); ++count) {
    const auto comma = std::min(header.find(','), header.size());
    const auto item = header.substr(0, comma);
    header.remove_prefix(std::min(comma + 1, header.size()));

    const auto semicolon = std::min(item.find(';'), item.size());
    const auto locale = known(trimmed(item.substr(0, semicolon)));
    const auto parameter = item.substr(std::min(semicolon + 1, item.size()));
    const int quality = weight(trimmed(parameter));
    if (locale && quality > best_weight) {
      best = locale;
      best_weight = quality;
    }
  }
  return best;
}

}  // namespace

std::string_view tag(Locale locale) {
  for (const auto& [name, known_locale] : kLocales) {
    if (known_locale == locale) return name;
  }
  return "en";
}

Locale choose_locale(std::string_view ui_locales, std::string_view accept_language) {
  for (std::size_t count = 0; count < kMostTags && !ui_locales.empty(); ++count) {
    const auto space = std::min(ui_locales.find(' '), ui_locales.size());
    if (const auto locale = known(ui_locales.substr(0, space))) return *locale;
    ui_locales.remove_prefix(std::min(space + 1, ui_locales.size()));
  }
  return from_accept_language(accept_language).value_or(Locale::en);
}

}  // namespace claviger::pages
