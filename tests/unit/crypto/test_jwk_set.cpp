#include "crypto/jwk_set.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "tests/unit/crypto/recipients.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace claviger::crypto {
namespace {

using boost::json::array;
using test::object;
using test::recipients;

boost::json::object key(std::string_view base, std::string_view kid,
                        const boost::json::object& more = {}) {
  auto out = object(base);
  if (!kid.empty()) out["kid"] = kid;
  for (const auto& [name, value] : more) out[name] = value;
  return out;
}

boost::json::object point(std::size_t which, std::string_view kid,
                          const boost::json::object& more = {}) {
  return key(boost::json::serialize(recipients()[which].public_jwk()), kid, more);
}

std::string set_of(const array& keys) {
  return boost::json::serialize(boost::json::object{{"keys", keys}});
}

std::size_t count(const JwkSet& set, Alg alg, std::string_view kid = "") {
  return set.for_verifying(alg, kid).size();
}

TEST(JwkSet, finds_keys_by_kid_and_algorithm) {
  const auto text = set_of({key(test::kP256, "a"), key(test::kEd25519, "b"),
                            key(test::kThumbprinted, ""), point(4, "c", {{"use", "enc"}})});
  for (const auto& set : {JwkSet::parse_strict(text), JwkSet::parse_fetched(text)}) {
    ASSERT_TRUE(set);
    EXPECT_FALSE(set->empty());
    EXPECT_EQ(count(*set, Alg::ES256, "a"), 1u);
    EXPECT_EQ(count(*set, Alg::ES256), 1u);
    EXPECT_EQ(count(*set, Alg::EdDSA, "b"), 1u);
    EXPECT_EQ(count(*set, Alg::EdDSA, "a"), 0u);
    EXPECT_EQ(count(*set, Alg::RS256, "2011-04-29"), 1u);
    EXPECT_TRUE(set->has_kid("a"));
    EXPECT_TRUE(set->has_kid("c"));
    EXPECT_FALSE(set->has_kid("d"));
    EXPECT_FALSE(set->has_kid(""));
    ASSERT_TRUE(set->for_encryption(KeyAlg::ecdh_es));
    EXPECT_EQ(set->for_encryption(KeyAlg::ecdh_es)->kid(), "c");
    EXPECT_EQ(set->for_encryption(KeyAlg::rsa_oaep_256), nullptr);  // that one says RS256
  }
}

// Attack JO-06: a key without `alg` takes what fits its type among ours, and never a MAC; a kid is
// compared and nothing else; without a kid at most four keys are tried.
TEST(JwkSet, JO_06_key_without_alg) {
  const auto set = *JwkSet::parse_strict(set_of({key(test::kRsa, "r"), key(test::kP256, "p")}));
  EXPECT_EQ(count(set, Alg::RS256, "r"), 1u);
  EXPECT_EQ(count(set, Alg::PS256, "r"), 1u);
  EXPECT_EQ(count(set, Alg::ES256, "r"), 0u);
  EXPECT_EQ(set.for_verifying(Alg::PS256, "r").front().alg(), Alg::PS256);
  EXPECT_TRUE(set.for_encryption(KeyAlg::rsa_oaep_256));
  EXPECT_EQ(set.for_encryption(KeyAlg::ecdh_es)->kid(), "p");
  const auto bound = *JwkSet::parse_strict(set_of({key(test::kRsa, "r", {{"alg", "PS256"}})}));
  EXPECT_EQ(count(bound, Alg::RS256), 0u);
  EXPECT_EQ(count(bound, Alg::PS256), 1u);
  EXPECT_FALSE(bound.for_encryption(KeyAlg::rsa_oaep_256));
}

TEST(JwkSet, JO_06_at_most_four_are_tried) {
  array keys;
  for (int i = 0; i < 6; ++i) keys.push_back(key(test::kEd25519, "k" + std::to_string(i)));
  const auto set = *JwkSet::parse_strict(set_of(keys));
  EXPECT_EQ(count(set, Alg::EdDSA), 4u);
  EXPECT_EQ(count(set, Alg::EdDSA, "k5"), 1u);
  EXPECT_EQ(count(set, Alg::EdDSA, "../../dev/null"), 0u);
  EXPECT_EQ(count(set, Alg::EdDSA, std::string(1 << 20, 'k')), 0u);
}

// RFC7517-4.2, RFC7517-4.3: use and key_ops are respected.
TEST(JwkSet, RFC7517_4_2_use) {
  const auto set = *JwkSet::parse_strict(
      set_of({key(test::kRsa, "s", {{"use", "sig"}}),
              key(test::kThumbprinted, "e", {{"use", "enc"}, {"alg", "RSA-OAEP-256"}}),
              key(test::kP256, "d", {{"key_ops", array{"deriveKey"}}})}));
  EXPECT_EQ(count(set, Alg::RS256), 1u);
  EXPECT_EQ(count(set, Alg::RS256, "e"), 0u);
  EXPECT_EQ(count(set, Alg::ES256), 0u);
  EXPECT_EQ(set.for_encryption(KeyAlg::rsa_oaep_256)->kid(), "e");
  EXPECT_EQ(set.for_encryption(KeyAlg::ecdh_es_a256kw)->kid(), "d");
}

TEST(JwkSet, key_that_says_enc_is_taken_before_one_that_is_silent) {
  const auto set =
      *JwkSet::parse_strict(set_of({point(1, "silent"), point(2, "told", {{"use", "enc"}}),
                                    point(3, "bound", {{"alg", "ECDH-ES+A256KW"}})}));
  EXPECT_EQ(set.for_encryption(KeyAlg::ecdh_es)->kid(), "told");
  EXPECT_EQ(set.for_encryption(KeyAlg::ecdh_es_a256kw)->kid(), "told");
  const auto silent = *JwkSet::parse_strict(set_of({point(1, "silent")}));
  EXPECT_EQ(silent.for_encryption(KeyAlg::ecdh_es)->kid(), "silent");
}

// RFC7517-5: what is not understood is left out, at registration too.
TEST(JwkSet, RFC7517_5_unknown_keys_are_left_out) {
  const array rest{boost::json::object{{"kty", "future"}, {"kid", "f"}},
                   boost::json::object{{"kty", "EC"}, {"crv", "secp256k1"}, {"x", "AA"}},
                   boost::json::object{{"kty", "OKP"}, {"crv", "Ed448"}, {"x", "AA"}},
                   key(test::kRsa, "512", {{"alg", "RS512"}}),
                   key(test::kThumbprinted, "oaep", {{"alg", "RSA-OAEP"}, {"use", "enc"}}),
                   point(2, "es384", {{"alg", "ES384"}, {"use", "sig"}}),
                   point(2, "p384", {{"use", "sig"}}),
                   key(test::kEd25519, "tls", {{"use", "tls"}})};
  const auto set = JwkSet::parse_strict(set_of(rest));
  ASSERT_TRUE(set);
  EXPECT_TRUE(set->empty());
  EXPECT_TRUE(set->has_kid("es384"));  // fetching again would not bring it
  auto more = rest;
  more.push_back(key(test::kP256, "ours"));
  const auto with_ours =
      JwkSet::parse_fetched(R"({"cache":60,"keys":)" + boost::json::serialize(more) + "}");
  ASSERT_TRUE(with_ours);
  EXPECT_EQ(count(*with_ours, Alg::ES256), 1u);
}

// Attack CA-20: a private or a symmetric key condemns the whole set, wherever it comes from.
TEST(JwkSet, CA_20_secrets_condemn_the_set) {
  const auto sound = key(test::kP256, "sound");
  for (const auto& bad :
       {key(test::kRsa, "x", {{"d", "AQAB"}}), key(test::kP256, "x", {{"d", "AQAB"}}),
        key(test::kEd25519, "x", {{"d", ""}}), key(test::kRsa, "x", {{"p", nullptr}}),
        boost::json::object{{"kty", "oct"}, {"k", "c2VjcmV0"}},
        boost::json::object{{"kty", "oct"}, {"alg", "HS256"}},
        boost::json::object{{"kty", "future"}, {"k", "c2VjcmV0"}}}) {
    EXPECT_FALSE(JwkSet::parse_strict(set_of({sound, bad}))) << boost::json::serialize(bad);
    EXPECT_FALSE(JwkSet::parse_fetched(set_of({sound, bad}))) << boost::json::serialize(bad);
    EXPECT_FALSE(JwkSet::parse_fetched(set_of({bad, sound}))) << boost::json::serialize(bad);
  }
}

TEST(JwkSet, CA_20_kid_twice) {
  for (const auto& second :
       {key(test::kEd25519, "a"), key(test::kP256, "a"), point(4, "a", {{"use", "enc"}}),
        boost::json::object{{"kty", "future"}, {"kid", "a"}}}) {
    const auto text = set_of({key(test::kP256, "a"), second});
    EXPECT_FALSE(JwkSet::parse_strict(text)) << text;
    EXPECT_FALSE(JwkSet::parse_fetched(text)) << text;
  }
  EXPECT_TRUE(JwkSet::parse_strict(set_of({key(test::kP256, ""), key(test::kP256, "")})));
}

// Attack CA-20: at registration one unsound key is one too many; in a fetched set it is skipped.
TEST(JwkSet, CA_20_unsound_keys) {
  const auto sound = key(test::kP256, "sound");
  const auto x = std::string(object(test::kP256).at("x").as_string());
  const auto small = test::private_rsa(1024).at("n");
  for (const auto& bad : std::vector<boost::json::value>{
           key(test::kRsa, "x", {{"n", small}}), key(test::kP256, "x", {{"y", x}}),
           key(test::kRsa, "x", {{"n", small}, {"alg", "RSA-OAEP"}}),
           key(test::kRsa, "x", {{"e", "AQ"}}), key(test::kEd25519, "x", {{"x", "AAAA"}}),
           key(test::kRsa, "x", {{"alg", "ES256"}}), key(test::kRsa, "x", {{"alg", "ECDH-ES"}}),
           key(test::kRsa, "x", {{"alg", 1}}), key(test::kRsa, "x", {{"use", 1}}),
           key(test::kRsa, "x", {{"key_ops", "verify"}}), key(test::kRsa, "", {{"kid", 1}}),
           key(test::kRsa, "", {{"kid", ""}}), key(test::kRsa, std::string(257, 'k')),
           key(test::kP256, "x", {{"use", "sig"}, {"alg", "ECDH-ES"}}), boost::json::object(),
           boost::json::value("text"), boost::json::value(nullptr)}) {
    EXPECT_FALSE(JwkSet::parse_strict(set_of({sound, bad}))) << boost::json::serialize(bad);
    const auto fetched = JwkSet::parse_fetched(set_of({bad, sound}));
    ASSERT_TRUE(fetched) << boost::json::serialize(bad);
    EXPECT_EQ(count(*fetched, Alg::RS256) + count(*fetched, Alg::EdDSA), 0u);
    EXPECT_EQ(count(*fetched, Alg::ES256), 1u) << boost::json::serialize(bad);
  }
}

// Attack JO-23: what is no set at all, and what is too large to be one.
TEST(JwkSet, JO_23_no_set) {
  const auto sound = boost::json::serialize(key(test::kP256, "a"));
  for (const auto& text : {std::string(), std::string("null"), std::string("[]"), std::string("{}"),
                           sound, std::string(R"({"keys":null})"), std::string(R"({"keys":{}})"),
                           R"({"keys":[],"keys":[)" + sound + "]}", R"({"Keys":[)" + sound + "]}",
                           R"({"keys":[)" + sound + "]} x"}) {
    EXPECT_FALSE(JwkSet::parse_strict(text)) << text;
    EXPECT_FALSE(JwkSet::parse_fetched(text)) << text;
  }
  const auto empty = JwkSet::parse_strict(R"({"keys":[]})");
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->empty());
  array keys;
  for (std::size_t i = 0; i < limits::kJwksKeys; ++i) keys.push_back(key(test::kEd25519, ""));
  EXPECT_TRUE(JwkSet::parse_strict(set_of(keys)));
  keys.push_back(key(test::kEd25519, ""));
  EXPECT_FALSE(JwkSet::parse_strict(set_of(keys)));
  EXPECT_FALSE(JwkSet::parse_fetched(set_of(keys)));
  const auto padded = R"({"keys":[]})" + std::string(limits::kJwksBytes, ' ');
  EXPECT_FALSE(JwkSet::parse_fetched(padded));
}

}  // namespace
}  // namespace claviger::crypto
