#include "crypto/agreement.hpp"

#include <gtest/gtest.h>

#include "base/base64url.hpp"
#include "tests/unit/crypto/jwe_vectors.hpp"
#include "tests/unit/crypto/recipients.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace claviger::crypto {
namespace {

using test::object;

constexpr std::array kCurves{Curve::p256, Curve::p384, Curve::p521, Curve::x25519};

Bytes bytes(ByteView view) { return Bytes(view.begin(), view.end()); }

// RFC7518-C; RFC7518-4.6.2
TEST(Agreement, RFC7518_C_vector) {
  const auto alice = read_private_point(Curve::p256, object(test::kAlice));
  const auto bob = read_point(Curve::p256, object(test::kBob));
  ASSERT_TRUE(alice && bob);
  const auto z = agree(alice.get(), bob.get());
  ASSERT_TRUE(z);
  EXPECT_EQ(bytes(z->view()),
            test::from_hex("9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4"));
  const auto key = derive_key(z->view(), "A128GCM", as_bytes("Alice"), as_bytes("Bob"), 16);
  EXPECT_EQ(base64url_encode(key.view()), "VqqN6vgjbSBcIijNcacQGg");
  // Each part of what is hashed counts, and none can slide into its neighbour.
  const auto other = [&](std::string_view id, std::string_view apu, std::string_view apv) {
    const auto made = derive_key(z->view(), id, as_bytes(apu), as_bytes(apv), 16);
    return base64url_encode(made.view());
  };
  EXPECT_EQ(other("A128GCM", "Alice", "Bob"), "VqqN6vgjbSBcIijNcacQGg");
  EXPECT_NE(other("A256GCM", "Alice", "Bob"), "VqqN6vgjbSBcIijNcacQGg");
  EXPECT_NE(other("A128GCM", "AliceB", "ob"), "VqqN6vgjbSBcIijNcacQGg");
  EXPECT_NE(other("A128GCM", "Bob", "Alice"), "VqqN6vgjbSBcIijNcacQGg");
  EXPECT_NE(other("A128GCM", "", ""), "VqqN6vgjbSBcIijNcacQGg");
}

// RFC8037-A.6
TEST(Agreement, RFC8037_A_6_vector) {
  const auto ephemeral = read_private_point(
      Curve::x25519, object(R"({"kty":"OKP","crv":"X25519",)"
                            R"("x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo",)"
                            R"("d":"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo"})"));
  const auto bob =
      read_point(Curve::x25519, object(R"({"kty":"OKP","crv":"X25519","kid":"Bob",)"
                                       R"("x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"})"));
  ASSERT_TRUE(ephemeral && bob);
  const auto z = agree(ephemeral.get(), bob.get());
  ASSERT_TRUE(z);
  EXPECT_EQ(bytes(z->view()),
            test::from_hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
}

// RFC8037-3.2, RFC7748-6.1: points of small order, as they are listed everywhere, and zero.
TEST(Agreement, RFC8037_3_2_points_of_small_order) {
  for (const auto* hex : {"0000000000000000000000000000000000000000000000000000000000000000",
                          "0100000000000000000000000000000000000000000000000000000000000000",
                          "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                          "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    const boost::json::object jwk{
        {"kty", "OKP"}, {"crv", "X25519"}, {"x", base64url_encode(test::from_hex(hex))}};
    EXPECT_FALSE(read_point(Curve::x25519, jwk)) << hex;
  }
}

TEST(Agreement, both_sides_come_to_the_same_secret) {
  for (const auto curve : kCurves) {
    const auto jwk = test::private_point(curve);
    const auto own = read_private_point(curve, jwk);
    const auto half = read_point(curve, jwk);
    const auto other = generate_point(curve);
    const auto other_half = read_point(curve, write_point(curve, other.get()));
    ASSERT_TRUE(own && half && other_half);
    const auto here = agree(own.get(), other_half.get());
    const auto there = agree(other.get(), half.get());
    ASSERT_TRUE(here && there);
    EXPECT_EQ(bytes(here->view()), bytes(there->view()));
    EXPECT_EQ(base64url_encode(here->view()).size(), json_text(jwk, "x")->size());  // full width
  }
}

TEST(Agreement, keys_of_two_curves_do_not_agree) {
  for (const auto curve : kCurves) {
    for (const auto other : kCurves) {
      if (curve == other) continue;
      EXPECT_FALSE(agree(generate_point(curve).get(), generate_point(other).get()));
      EXPECT_FALSE(read_point(curve, test::private_point(other)));
    }
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(Agreement, private_key_must_make_the_point) {
  for (const auto curve : kCurves) {
    auto jwk = test::private_point(curve);
    ASSERT_TRUE(read_private_point(curve, jwk));
    const auto d = std::string(jwk.at("d").as_string());
    for (const auto& spoiled :
         {std::string(test::private_point(curve).at("d").as_string()), std::string(d.size(), 'A'),
          std::string(), d.substr(0, d.size() - 4), d + "AAAA"}) {
      jwk["d"] = spoiled;
      EXPECT_FALSE(read_private_point(curve, jwk)) << spoiled.size();
    }
    jwk.erase("d");
    EXPECT_FALSE(read_private_point(curve, jwk));
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
}

}  // namespace
}  // namespace claviger::crypto
