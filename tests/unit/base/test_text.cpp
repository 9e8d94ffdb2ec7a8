#include "base/text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace claviger {
namespace {

// RFC3629-4
TEST(Text, utf8_is_shortest_form_without_surrogates) {
  for (const std::string_view text :
       {"", "plain", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "a\xe2\x82\xac z"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const std::string_view text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xe2\x82",
        "\xe2\x82\x41", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xf0\x90\x80", "\xff", "\xfe", "ok\xc3"}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(Text, control_characters_and_vschar) {
  EXPECT_FALSE(has_control_character("a b~\xc3\xa4"));
  EXPECT_TRUE(has_control_character("a\tb"));
  EXPECT_TRUE(has_control_character("a\x7f"));
  EXPECT_TRUE(has_control_character(std::string_view("\0", 1)));
  EXPECT_TRUE(is_vschar(" ~"));  // RFC6749-A
  EXPECT_FALSE(is_vschar("\x1f"));
  EXPECT_FALSE(is_vschar("\x7f"));
  EXPECT_FALSE(is_vschar("\xc3\xa4"));
}

TEST(Text, case_of_ascii_alone) {
  EXPECT_TRUE(iequals_ascii("Bearer", "bEARER"));
  EXPECT_FALSE(iequals_ascii("Bearer", "Bearer "));
  EXPECT_FALSE(iequals_ascii("[", "{"));
  EXPECT_FALSE(iequals_ascii("\xc3\x84", "\xc3\xa4"));
  EXPECT_EQ(to_lower_ascii("AZ[\xc3\x84"), "az[\xc3\x84");
}

TEST(Text, words) {
  EXPECT_EQ(split_words("  email  username "), (std::vector<std::string>{"email", "username"}));
  EXPECT_EQ(split_words("a\tb"), (std::vector<std::string>{"a\tb"}));
  EXPECT_TRUE(split_words("").empty());
  EXPECT_TRUE(split_words("  ").empty());
}

TEST(Text, edit_distance) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("issuer", "issuer"), 0u);
  EXPECT_EQ(edit_distance("isuser", "issuer"), 1u);  // a transposition
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("ca", "abc"), 3u);  // optimal string alignment, not Damerau's
}

TEST(Text, nearest_spelling) {
  const std::vector<std::string_view> known{"issuer", "listen", "log_level", "id"};
  EXPECT_EQ(nearest_spelling("isuer", known), "issuer");
  EXPECT_EQ(nearest_spelling("lsiten", known), "listen");
  EXPECT_EQ(nearest_spelling("loglevel", known), "log_level");
  EXPECT_EQ(nearest_spelling("database", known), "");
  EXPECT_EQ(nearest_spelling("xy", known), "");
  EXPECT_EQ(nearest_spelling("", known), "");
}

TEST(Text, blanks_go_at_both_ends_alone) {
  EXPECT_EQ(trim(" \ta b\t "), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim("a\r\n"), "a\r\n");
  EXPECT_EQ(trim("a\r\n", " \t\r\n"), "a");
}

// RFC7515-4.1.9
TEST(Text, a_type_is_the_same_with_and_without_application) {
  EXPECT_TRUE(is_media_type("at+jwt", "at+jwt"));
  EXPECT_TRUE(is_media_type("Application/AT+JWT", "at+jwt"));
  EXPECT_FALSE(is_media_type("text/at+jwt", "at+jwt"));
  EXPECT_FALSE(is_media_type("application/application/at+jwt", "at+jwt"));
  EXPECT_FALSE(is_media_type("", "at+jwt"));
}

}  // namespace
}  // namespace claviger
