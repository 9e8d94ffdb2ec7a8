#include "base/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace claviger {
namespace {

// Every byte there is, alone and between others, as a value and as a name: what Boost.JSON writes.
TEST(JsonWriter, writes_each_byte_as_the_library_does) {
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::string around : {"", "ab"}) {
      const std::string text = around + static_cast<char>(byte) + around;
      JsonWriter writer;
      writer.text(text, text);
      const boost::json::object same{{text, text}};
      EXPECT_EQ(std::move(writer).finish(), boost::json::serialize(same)) << byte;
    }
  }
}

TEST(JsonWriter, writes_numbers_lists_and_values_as_the_library_does) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  const boost::json::value nested{{"sub", "a \"b\""}, {"list", {1, nullptr, true}}};
  const std::vector<std::string> words{"a", "b\n", ""};
  JsonWriter writer;
  writer.text("", "")
      .number("least", kLeast)
      .number("most", kMost)
      .number("none", 0)
      .texts("words", words)
      .texts("empty", {})
      .value("nested", nested);
  const boost::json::object same{
      {"", ""},          {"least", kLeast},           {"most", kMost},
      {"none", 0},       {"words", {"a", "b\n", ""}}, {"empty", boost::json::array()},
      {"nested", nested}};
  EXPECT_EQ(std::move(writer).finish(), boost::json::serialize(same));
}

TEST(JsonWriter, of_nothing_is_an_empty_object) { EXPECT_EQ(JsonWriter().finish(), "{}"); }

}  // namespace
}  // namespace claviger
