#include "base/base64url.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/support/scripted_random.hpp"

namespace claviger {
namespace {

struct Vector {
  std::string_view plain;
  std::string_view padded;
};

// RFC4648-10
constexpr std::array kVectors{
    Vector{"", ""},
    Vector{"f", "Zg=="},
    Vector{"fo", "Zm8="},
    Vector{"foo", "Zm9v"},
    Vector{"foob", "Zm9vYg=="},
    Vector{"fooba", "Zm9vYmE="},
    Vector{"foobar", "Zm9vYmFy"},
};

std::string without_padding(std::string_view text) {
  return std::string(text.substr(0, text.find('=')));
}

TEST(Base64url, RFC4648_10_vectors_without_padding) {
  for (const auto& [plain, padded] : kVectors) {
    const auto bare = without_padding(padded);
    EXPECT_EQ(base64url_encode(as_bytes(plain)), bare);
    const auto back = base64url_decode(bare);
    ASSERT_TRUE(back) << bare;
    EXPECT_EQ(as_text(*back), plain);
  }
}

// RFC4648-5
TEST(Base64url, RFC4648_5_alphabet_for_urls) {
  const Bytes bytes{0xfb, 0xef, 0xbe, 0xff, 0xff, 0xff};
  EXPECT_EQ(base64url_encode(bytes), "----____");
  EXPECT_EQ(base64_encode(bytes), "++++////");
  EXPECT_EQ(base64url_decode("----____"), bytes);
}

// A foreign byte at any place, in the groups of four and behind them.
TEST(Base64url, knows_64_characters_and_no_other) {
  constexpr std::string_view kKnown =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const std::string_view good : {"Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFyZm9v"}) {
    ASSERT_TRUE(base64url_decode(good));
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        if (kKnown.find(static_cast<char>(byte)) != std::string_view::npos) continue;
        std::string spoiled(good);
        spoiled[at] = static_cast<char>(byte);
        EXPECT_FALSE(base64url_decode(spoiled)) << good << ' ' << at << ' ' << byte;
      }
    }
  }
}

TEST(Base64url, is_appended_to_what_is_there) {
  std::string out = "head.";
  base64url_append(out, as_bytes("fooba"));
  EXPECT_EQ(out, "head.Zm9vYmE");
}

// RFC7515-2, attack JO-20: one value, one spelling.
TEST(Base64url, JO_20_any_other_spelling_is_refused) {
  ASSERT_TRUE(base64url_decode("Zm9vYg"));
  for (const std::string_view text : {
           "Zm9vYg==",       // padding
           "Zm9vYg=",        // half of it
           "Zm9v\nYg",       // whitespace
           " Zm9vYg",        //
           "Zm9vYg ",        //
           "Zm9vYh",         // trailing bits that are not zero: 4 of them
           "Zm9vYmF",        // 2 of them
           "Z",              // a length of 1 mod 4
           "A",              // though no bit of it is set
           "Zm9vA",          //
           "Zm9vY",          //
           "++++////",       // the standard alphabet
           "Zm9v.Zm9v",      // foreign
           "Zm9v\xc3\xa4Zg"  // not ASCII
       }) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
  EXPECT_FALSE(base64url_decode(std::string_view("Zm9v\0Zg", 7)));
}

TEST(Base64url, every_length_comes_back) {
  test::ScriptedRandom random;
  for (std::size_t size = 0; size < 70; ++size) {
    Bytes bytes(size);
    random.fill(bytes);
    EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
    EXPECT_EQ(base64_decode(base64_encode(bytes)), std::string(as_text(bytes)));
  }
}

TEST(Base64, RFC4648_10_vectors_with_padding) {
  for (const auto& [plain, padded] : kVectors) {
    EXPECT_EQ(base64_encode(as_bytes(plain)), padded);
    EXPECT_EQ(base64_decode(padded), std::string(plain));
  }
}

// RFC7617-2
TEST(Base64, strict) {
  ASSERT_TRUE(base64_decode("Zm9vYg=="));
  for (const std::string_view text : {"Zm9vYg", "Zm9vYg=", "Zm9vYg===", "Zm9vYh==", "Zm9vYmF=", "=",
                                      "====", "Z===", "Zg==Zg==", "Zm=v", "Zm 9", "----", "____"}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

}  // namespace
}  // namespace claviger
