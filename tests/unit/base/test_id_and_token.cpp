#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/id.hpp"
#include "base/token.hpp"
#include "tests/support/scripted_random.hpp"

namespace claviger {
namespace {

constexpr Time kNow = from_seconds(1'800'000'000);

TEST(Id, is_in_the_order_of_time) {
  test::ScriptedRandom random;
  Id last;
  for (int i = 0; i < 300; ++i) {
    const auto id = Id::make(kNow + std::chrono::milliseconds(i), random);
    EXPECT_LT(last, id);
    last = id;
  }
}

TEST(Id, carries_48_bits_of_milliseconds) {
  test::ScriptedRandom random;
  const auto id = Id::make(kNow + std::chrono::microseconds(999), random);
  std::uint64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | id.bytes()[i];
  EXPECT_EQ(ms, 1'800'000'000'000u);
}

TEST(Id, differs_within_a_millisecond) {
  test::ScriptedRandom random;
  std::set<Id> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(Id::make(kNow, random));
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(Id, text_has_one_spelling) {
  test::ScriptedRandom random;
  const auto id = Id::make(kNow, random);
  const auto text = id.text();
  EXPECT_EQ(text.size(), 22u);
  EXPECT_EQ(Id::parse(text), id);
  EXPECT_EQ(Id::from_bytes(id.bytes()), id);
  EXPECT_FALSE(Id::parse(text + "A"));
  EXPECT_FALSE(Id::parse(text.substr(1)));
  EXPECT_FALSE(Id::parse(""));
  auto spoiled = text;
  spoiled[3] = '/';
  EXPECT_FALSE(Id::parse(spoiled));
  // 22 characters hold 132 bits: the last four must be zero.
  EXPECT_TRUE(Id::parse("AAAAAAAAAAAAAAAAAAAAAA"));
  EXPECT_FALSE(Id::parse("AAAAAAAAAAAAAAAAAAAAAB"));
  EXPECT_FALSE(Id::from_bytes(id.bytes().first(15)));
}

TEST(OpaqueToken, comes_back_from_its_text) {
  test::ScriptedRandom random;
  const auto token = OpaqueToken::make(kNow, random);
  const std::string text(token.text().reveal());
  EXPECT_EQ(text.size(), 66u);
  const auto back = OpaqueToken::parse(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->selector, token.selector);
  EXPECT_EQ(back->verifier, token.verifier);
}

// Attack JO-28: a cut or lengthened token is no token.
TEST(OpaqueToken, JO_28_every_other_form_is_nothing) {
  test::ScriptedRandom random;
  const std::string text(OpaqueToken::make(kNow, random).text().reveal());
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(OpaqueToken::parse(text.substr(0, length)));
  }
  EXPECT_FALSE(OpaqueToken::parse(text + "A"));
  auto spoiled = text;
  spoiled[22] = ':';
  EXPECT_FALSE(OpaqueToken::parse(spoiled));
  spoiled = text;
  spoiled[40] = '.';
  EXPECT_FALSE(OpaqueToken::parse(spoiled));
  spoiled = text;
  spoiled[30] = '=';
  EXPECT_FALSE(OpaqueToken::parse(spoiled));
}

TEST(Time, seconds_are_rounded_down) {
  EXPECT_EQ(to_seconds(from_micros(1'999'999)), 1);
  EXPECT_EQ(to_seconds(from_micros(-1)), -1);
  EXPECT_EQ(to_micros(from_seconds(7)), 7'000'000);
  EXPECT_GT(to_seconds(SystemClock().now()), 1'700'000'000);
}

}  // namespace
}  // namespace claviger
