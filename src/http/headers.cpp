#include "http/headers.hpp"

#include "base/text.hpp"

namespace claviger::http {
namespace {

// What the fields of an answer without a page come to: memory is asked for once.
constexpr std::size_t kUsualFields = 12;
constexpr std::size_t kUsualBytes = 512;

}  // namespace

Headers::Headers(std::string_view lines, const std::vector<Field>& fields) : text_(lines) {
  places_.reserve(fields.size());
  const auto at = [&](std::string_view part) {
    return static_cast<std::uint32_t>(part.data() - lines.data());
  };
  const auto size = [](std::string_view part) { return static_cast<std::uint32_t>(part.size()); };
  for (const auto& [name, value] : fields)
    // An empty value need not point anywhere.
    places_.push_back({at(name), size(name), value.empty() ? at(name) : at(value), size(value)});
}

void Headers::add(std::string_view name, std::string_view value) {
  if (places_.empty()) {
    places_.reserve(kUsualFields);
    text_.reserve(kUsualBytes);
  }
  const auto begin = text_.size();
  text_.append(name).append(": ").append(value).append("\r\n");
  places_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(name.size()),
                     static_cast<std::uint32_t>(begin + name.size() + 2),
                     static_cast<std::uint32_t>(value.size())});
}

void Headers::set(std::string_view name, std::string_view value) {
  for (std::size_t i = places_.size(); i-- > 0;)
    if (is_named(places_[i], name)) erase(i);
  add(name, value);
}

void Headers::add_if_absent(std::string_view name, std::string_view value) {
  if (!find(name)) add(name, value);
}

void Headers::erase(std::size_t index) {
  const auto begin = places_[index].name;
  const bool last = index + 1 == places_.size();
  const auto end = last ? static_cast<std::uint32_t>(text_.size()) : places_[index + 1].name;
  text_.erase(begin, end - begin);
  places_.erase(places_.begin() + static_cast<std::ptrdiff_t>(index));
  for (auto i = index; i < places_.size(); ++i) {
    places_[i].name -= end - begin;
    places_[i].value -= end - begin;
  }
}

// Nearly all names differ in their length: that is asked first, and here.
bool Headers::is_named(const Place& place, std::string_view name) const {
  return place.name_size == name.size() && iequals_ascii(name_at(place), name);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& place : places_)
    if (is_named(place, name))
      return std::string_view(text_.data() + place.value, place.value_size);
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  std::size_t found = 0;
  for (const auto& place : places_)
    if (is_named(place, name)) ++found;
  return found;
}

}  // namespace claviger::http
