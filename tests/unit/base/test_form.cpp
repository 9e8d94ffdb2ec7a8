#include "base/form.hpp"

#include <gtest/gtest.h>

#include <string>

namespace claviger {
namespace {

FormError error_of(std::string_view encoded, std::size_t max_fields = 128) {
  const auto form = Form::parse(encoded, max_fields);
  EXPECT_FALSE(form) << encoded;
  return form ? FormError{} : form.error();
}

TEST(Form, reads_names_and_values) {
  const auto form = Form::parse("grant_type=authorization_code&code=a%2Bb+c&state=%C3%A4&&x");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->fields().size(), 4u);
  EXPECT_EQ(form->get("grant_type"), "authorization_code");
  EXPECT_EQ(form->get("code"), "a+b c");
  EXPECT_EQ(form->get("state"), "\xc3\xa4");
  EXPECT_EQ(form->get("absent"), std::nullopt);
  EXPECT_TRUE(Form::parse("")->empty());
}

// RFC6749-3.1: a parameter without a value counts as omitted.
TEST(Form, RFC6749_3_1_no_value_is_absent) {
  const auto form = Form::parse("scope=&state&nonce=%20");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get("scope"), std::nullopt);
  EXPECT_EQ(form->get("state"), std::nullopt);
  EXPECT_EQ(form->get("nonce"), " ");
  EXPECT_TRUE(form->all("scope").empty());
}

// RFC6749-3.1: parameters must not be included more than once; an empty one counts, too, so that
// nothing can hide behind it.
TEST(Form, RFC6749_3_1_repetition_is_seen) {
  const auto form = Form::parse("a=1&b=2&resource=x&resource=y&b=&c=3");
  ASSERT_TRUE(form);
  EXPECT_TRUE(form->repeated("b"));
  EXPECT_FALSE(form->repeated("a"));
  EXPECT_EQ(form->first_repeated(), "resource");
  EXPECT_EQ(form->first_repeated({"resource"}), "b");
  EXPECT_EQ(form->first_repeated({"resource", "b"}), std::nullopt);
  EXPECT_EQ(form->get("resource"), "x");
  EXPECT_EQ(form->all("resource"), (std::vector<std::string_view>{"x", "y"}));
  // The same name in two spellings is the same name.
  EXPECT_EQ(Form::parse("code=1&c%6Fde=2")->first_repeated(), "code");
}

TEST(Form, refuses_what_is_not_text) {
  ASSERT_TRUE(Form::parse("a=%41"));
  EXPECT_EQ(error_of("a=%4"), FormError::bad_percent_encoding);
  EXPECT_EQ(error_of("a=%"), FormError::bad_percent_encoding);
  EXPECT_EQ(error_of("a=%G1"), FormError::bad_percent_encoding);
  EXPECT_EQ(error_of("%zz=1"), FormError::bad_percent_encoding);
  EXPECT_EQ(error_of("a=%FF"), FormError::bad_utf8);
  EXPECT_EQ(error_of("a=%C0%80"), FormError::bad_utf8);     // NUL in an overlong form
  EXPECT_EQ(error_of("a=%ED%A0%80"), FormError::bad_utf8);  // a surrogate
  EXPECT_EQ(error_of("%E2%82=1"), FormError::bad_utf8);     // cut off
  EXPECT_EQ(error_of("a=1%00"), FormError::control_character);
  EXPECT_EQ(error_of(std::string_view("a=1\0b", 5)), FormError::control_character);
  EXPECT_EQ(error_of("a%0A=1"), FormError::control_character);
  EXPECT_TRUE(Form::parse("a=1%0A2"));  // a rule's business, whichever reads it
}

// Whatever a value consists of: as it stands, escaped, and in front of, between and behind others.
TEST(Form, every_byte_comes_as_it_was_sent) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (unsigned byte = 1; byte < 0x80; ++byte) {
    const char c = static_cast<char>(byte);
    const std::string escaped{'%', kHex[byte >> 4], kHex[byte & 15u]};
    for (const auto& [before, behind] : {std::pair("", ""), {"a", ""}, {"", "b"}, {"a+", "%41"}}) {
      const std::string first = before == std::string_view("a+") ? "a " : before;
      const std::string last = behind == std::string_view("%41") ? "A" : behind;
      const auto form = Form::parse("v=" + (before + escaped) + behind);
      ASSERT_TRUE(form) << byte;
      EXPECT_EQ(form->get("v"), first + c + last) << byte;
      if (c == '%' || c == '+' || c == '&') continue;
      const auto bare = Form::parse(std::string("v=") + before + c + behind);
      ASSERT_TRUE(bare) << byte;
      EXPECT_EQ(bare->get("v"), first + c + last) << byte;
    }
  }
  EXPECT_FALSE(Form::parse("v=abc%"));
  EXPECT_FALSE(Form::parse("v=abc%4"));
  EXPECT_FALSE(Form::parse("v=abc%4g"));
}

TEST(Form, number_of_fields_is_bounded) {
  EXPECT_TRUE(Form::parse("a=1&b=2&&&", 2));
  EXPECT_EQ(error_of("a=1&b=2&c=3", 2), FormError::too_many_fields);
}

TEST(Form, what_is_encoded_comes_back) {
  Form form;
  form.add("a b", "1&2=3+4%5");
  form.add("\xe2\x82\xac", "");
  const auto encoded = form.encode();
  EXPECT_EQ(encoded, "a%20b=1%262%3D3%2B4%255&%E2%82%AC=");
  const auto back = Form::parse(encoded);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->fields(), form.fields());
}

// RFC3986-2.3
TEST(PercentEncode, keeps_the_unreserved_alone) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("!*'();:@&=+$,/?#[] \"<>\\^`{|}"),
            "%21%2A%27%28%29%3B%3A%40%26%3D%2B%24%2C%2F%3F%23%5B%5D%20%22%3C%3E%5C%5E%60%7B%7C%7D");
  EXPECT_EQ(percent_encode(std::string_view("\r\n\0", 3)), "%0D%0A%00");
}

}  // namespace
}  // namespace claviger
