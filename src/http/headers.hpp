// The fields of a request or a response. Names compare without case; the framing guard lets at most
// limits::kHeaderFields of them in.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claviger::http {

// All fields stand one behind the other in one text, as they go over the wire: two pieces of memory
// instead of two for each field, and nothing to put together when they are sent.
class Headers {
 public:
  using Field = std::pair<std::string_view, std::string_view>;

  Headers() = default;
  // Of a head that was read: every name and value is a part of `lines`.
  Headers(std::string_view lines, const std::vector<Field>& fields);

  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);  // replaces every one of that name
  void add_if_absent(std::string_view name, std::string_view value);
  // The first value, or nothing. A view holds until a field is added.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  const std::string& wire() const { return text_; }

  std::size_t size() const { return places_.size(); }
  Field operator[](std::size_t index) const {
    const Place& place = places_[index];
    return {name_at(place), {text_.data() + place.value, place.value_size}};
  }

  class Iterator {
   public:
    Iterator(const Headers& headers, std::size_t index) : headers_(&headers), index_(index) {}
    Field operator*() const { return (*headers_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const Headers* headers_;
    std::size_t index_;
  };
  Iterator begin() const { return {*this, 0}; }  // for (const auto& [name, value] : headers)
  Iterator end() const { return {*this, size()}; }

 private:
  struct Place {
    std::uint32_t name, name_size, value, value_size;
  };
  std::string_view name_at(const Place& place) const {
    return {text_.data() + place.name, place.name_size};
  }
  bool is_named(const Place& place, std::string_view name) const;
  void erase(std::size_t index);

  std::string text_;
  std::vector<Place> places_;
};

}  // namespace claviger::http
