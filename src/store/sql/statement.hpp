// How statements are written: texts put together at compile time, our types bound as the few that
// both engines have.
#pragma once
#include <array>
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store::sql {

inline Value value_of(std::nullptr_t) { return nullptr; }
inline Value value_of(std::same_as<bool> auto flag) { return std::int64_t{flag ? 1 : 0}; }
template <std::integral T>
  requires(!std::same_as<T, bool>)
Value value_of(T number) {
  return static_cast<std::int64_t>(number);
}
inline Value value_of(std::string_view text) { return std::string(text); }
inline Value value_of(const std::string& text) { return text; }
inline Value value_of(const char* text) { return std::string(text); }
inline Value value_of(ByteView bytes) {
  return Value(std::in_place_type<Blob>, bytes.begin(), bytes.end());
}
inline Value value_of(const Bytes& bytes) { return value_of(ByteView(bytes)); }
inline Value value_of(const Digest& digest) { return value_of(ByteView(digest)); }
inline Value value_of(const Id& id) { return value_of(ByteView(id.bytes())); }
inline Value value_of(Time time) { return to_micros(time); }
template <class T>
Value value_of(const std::optional<T>& maybe) {
  if (!maybe) return nullptr;
  return value_of(*maybe);
}

// Text known at compile time: static storage, and nothing that a stranger sent can be in it.
class Text {
 public:
  consteval Text(const char* text) : text_(text) {}
  consteval Text(std::string_view text) : text_(text) {}
  constexpr std::string_view view() const { return text_; }

 private:
  std::string_view text_;
};

// The values of the parameters that come next.
template <class... Args>
void append(Statement& statement, const Args&... args) {
  statement.values.reserve(statement.values.size() + sizeof...(args));
  (statement.values.push_back(value_of(args)), ...);
}

template <class... Args>
Statement statement(Text text, const Args&... args) {
  Statement result{text.view(), {}};
  append(result, args...);
  return result;
}

// The parts one after another, as one text with static storage.
template <const std::string_view&... Parts>
struct Joined {
  static constexpr auto kStorage = [] {
    std::array<char, (Parts.size() + ... + 1)> all{};
    std::size_t at = 0;
    const auto append = [&](std::string_view part) {
      for (const char c : part) all[at++] = c;
    };
    (append(Parts), ...);
    return all;
  }();
  static constexpr std::string_view kText{kStorage.data(), kStorage.size() - 1};
};
template <const std::string_view&... Parts>
inline constexpr std::string_view kJoined = Joined<Parts...>::kText;

// A list of columns, each as that of the table called `Alias` where several are read at once.
template <char Alias, const std::string_view& Columns>
struct Of {
  static constexpr std::string_view kComma = ", ";
  static constexpr auto write(auto put) {
    std::size_t at = 0;
    bool begins = !Columns.starts_with(kComma);
    while (at < Columns.size()) {
      if (Columns.substr(at).starts_with(kComma)) {
        put(',');
        put(' ');
        at += kComma.size();
        begins = true;
        continue;
      }
      if (begins) {
        put(Alias);
        put('.');
        begins = false;
      }
      put(Columns[at++]);
    }
  }
  static constexpr std::size_t kSize = [] {
    std::size_t size = 0;
    write([&](char) { ++size; });
    return size;
  }();
  static constexpr auto kStorage = [] {
    std::array<char, kSize + 1> all{};
    std::size_t at = 0;
    write([&](char c) { all[at++] = c; });
    return all;
  }();
  static constexpr std::string_view kText{kStorage.data(), kSize};
};
template <char Alias, const std::string_view& Columns>
inline constexpr std::string_view kOf = Of<Alias, Columns>::kText;

// The name of one call of a verb, by which its later statements know that it won.
Id fresh_op(Random& random);

// A list of words (scopes) in one column.
std::string words_to_text(const std::vector<std::string>& words);
std::vector<std::string> text_to_words(std::string_view text);
// A list of free texts (URIs) in one column, as a JSON array.
std::string list_to_text(const std::vector<std::string>& list);
std::vector<std::string> text_to_list(std::string_view text);

}  // namespace claviger::store::sql
