#include "base/json.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace claviger {
namespace {

JsonError error_of(std::string_view text) {
  const auto value = parse_json(text);
  EXPECT_FALSE(value) << text.substr(0, 80);
  return value ? JsonError{} : value.error();
}

TEST(Json, reads_a_document) {
  const auto value = parse_json(R"( {"a":[1,2.5,-3,true,null],"b":{"a":"\u00e4"}} )");
  ASSERT_TRUE(value);
  EXPECT_EQ(boost::json::serialize(*value),
            "{\"a\":[1,2.5E0,-3,true,null],\"b\":{\"a\":\"\xc3\xa4\"}}");
  EXPECT_TRUE(parse_json("0"));
  EXPECT_TRUE(parse_json("\"\""));
}

// Attack JO-01, RFC7515-4: names are compared after unescaping, at every depth.
TEST(Json, JO_01_duplicate_names) {
  for (const std::string_view text : {
           R"({"alg":"ES256","alg":"none"})",
           R"({"alg":"ES256","\u0061lg":"none"})",
           R"({"a":{"x":1,"y":2,"x":1}})",
           R"([1,[{"x":1,"x":2}]])",
           R"({"a":{"x":[]},"b":1,"a":{"x":[],"y":{}}})",
           R"({"":1,"":2})",
       }) {
    EXPECT_EQ(error_of(text), JsonError::duplicate_name) << text;
  }
  EXPECT_TRUE(parse_json(R"({"a":{"a":{"a":1}},"A":[{"a":1},{"a":1}]})"));
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// Attack JO-23: a parser is not brought down, nor made to disagree with another reader.
TEST(Json, JO_23_depth) {
  EXPECT_TRUE(parse_json(nested(16)));
  EXPECT_EQ(error_of(nested(17)), JsonError::too_deep);
  EXPECT_EQ(error_of(std::string(10'000, '[')), JsonError::too_deep);
  EXPECT_EQ(error_of("[[[[[[[[[[[[[[[[{\"a\":1}]]]]]]]]]]]]]]]]"), JsonError::too_deep);
}

TEST(Json, JO_23_numbers) {
  for (const std::string& text :
       {std::string("1e999"), std::string("-1e999"), std::string("1e99999999999999999999"),
        std::string("-0"), std::string("-0.0"), std::string("-0e5"), std::string("-1e-999"),
        std::string(400, '9'), std::string("[1,-0]")}) {
    EXPECT_EQ(error_of(text), JsonError::bad_number) << text.substr(0, 40);
  }
  EXPECT_TRUE(parse_json("[0,-1,0.0,1e300,9223372036854775807,18446744073709551615]"));
  for (const std::string_view text : {"NaN", "Infinity", "+1", "01", "1.", ".5", "0x10", "1e"}) {
    EXPECT_EQ(error_of(text), JsonError::malformed) << text;
  }
}

TEST(Json, JO_23_strings) {
  for (const std::string_view text : {
           R"("\udc00\ud800")",  // lone surrogates
           R"("\ud800\u0041")",  //
           R"("a\u0000b")",      // NUL
           R"({"a\u0000":1})",   //
           R"("\u00g0")",        //
       }) {
    EXPECT_EQ(error_of(text), JsonError::bad_string) << text;
  }
  EXPECT_TRUE(parse_json(R"("\ud83d\ude00")"));
  for (const std::string_view text : {
           "\"\xff\"",          // not UTF-8
           "\"\xc0\x80\"",      // overlong
           "\"\xed\xa0\x80\"",  // a surrogate in UTF-8
           "\"\xf4\x90\x80\x80\"",
           "\"a\nb\"",  // a raw control character
           "\"\\x\"", "\"open",
           R"("\ud800")",  // a lone surrogate, where its other half was expected
       }) {
    EXPECT_EQ(error_of(text), JsonError::malformed) << text;
  }
}

TEST(Json, JO_23_nothing_around_the_value) {
  for (const std::string_view text :
       {"", " ", "\xef\xbb\xbf{}", "{}x", "{} {}", "{}\x01", "[1,]", "{\"a\":1,}", "{'a':1}",
        "{a:1}", "[1]/**/", "//\n1", "{\"a\"}", "tru", "[1", "{"}) {
    EXPECT_EQ(error_of(text), JsonError::malformed) << text;
  }
  EXPECT_EQ(error_of(std::string_view("{}\0", 3)), JsonError::malformed);
  EXPECT_TRUE(parse_json("\t{}\r\n "));
}

TEST(Json, size_is_bounded) {
  EXPECT_TRUE(parse_json("[1,2]", 5));
  const auto value = parse_json("[1,2] ", 5);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error(), JsonError::too_large);
}

TEST(Json, text_of_a_member) {
  const auto object = parse_json(R"({"a":"x","b":1,"c":null,"d":["x"]})")->as_object();
  EXPECT_EQ(json_text(object, "a"), "x");
  for (const auto* name : {"b", "c", "d", "e"}) EXPECT_EQ(json_text(object, name), std::nullopt);
}

struct Seconds {
  std::string_view written;
  std::optional<std::int64_t> read;
};

// Attack JO-24, RFC7519-2: a NumericDate is a number in [0, 2^53); a fraction is rounded down.
TEST(Json, JO_24_seconds) {
  constexpr std::array kRows{
      Seconds{"0", 0},
      Seconds{"1800000000", 1'800'000'000},
      Seconds{"1800000000.9", 1'800'000'000},
      Seconds{"18e8", 1'800'000'000},
      Seconds{"9007199254740991", 9'007'199'254'740'991},
      Seconds{"9007199254740992", std::nullopt},     // 2^53
      Seconds{"9007199254740992.0", std::nullopt},   //
      Seconds{"9223372036854775807", std::nullopt},  // 2^63 - 1
      Seconds{"9223372036854775808", std::nullopt},  // 2^63
      Seconds{"1e300", std::nullopt},
      Seconds{"-1", std::nullopt},
      Seconds{"-0.5", std::nullopt},
      Seconds{"\"1800000000\"", std::nullopt},
      Seconds{"null", std::nullopt},
      Seconds{"true", std::nullopt},
      Seconds{"[1800000000]", std::nullopt},
  };
  for (const auto& row : kRows) {
    const auto value = parse_json("{\"exp\":" + std::string(row.written) + "}");
    ASSERT_TRUE(value) << row.written;
    EXPECT_EQ(json_seconds(value->as_object(), "exp"), row.read) << row.written;
  }
  EXPECT_EQ(json_seconds({}, "exp"), std::nullopt);
}

}  // namespace
}  // namespace claviger
