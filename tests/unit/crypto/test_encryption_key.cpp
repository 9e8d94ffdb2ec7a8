#include "crypto/encryption_key.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "crypto/openssl.hpp"
#include "tests/unit/crypto/recipients.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace claviger::crypto {
namespace {

using test::object;
using test::recipients;

TEST(EncryptionKey, fits_the_algorithms_of_its_type) {
  for (const auto& to : recipients()) {
    for (const auto alg : kAllKeyAlgs) {
      EXPECT_EQ(to.key().fits(alg), (to.name == "rsa") == (alg == KeyAlg::rsa_oaep_256));
      EXPECT_EQ(to.own().fits(alg), to.key().fits(alg));
    }
    EXPECT_EQ(to.key().kid(), to.name);
    EXPECT_FALSE(to.key().says_enc());
  }
}

// Attack JO-18: what its JWK is bound to, it is used for and nothing else.
TEST(EncryptionKey, JO_18_alg_binds) {
  for (const auto& to : recipients()) {
    for (const auto bound : kAllKeyAlgs) {
      auto jwk = to.public_jwk();
      jwk["alg"] = to_string(bound);
      const auto key = EncryptionKey::from_jwk(jwk);
      ASSERT_EQ(key.has_value(), to.key().fits(bound)) << to.name << to_string(bound);
      if (!key) continue;
      EXPECT_TRUE(key->says_enc());
      for (const auto alg : kAllKeyAlgs) EXPECT_EQ(key->fits(alg), alg == bound);
    }
  }
}

TEST(EncryptionKey, takes_members_that_fit) {
  for (const auto& to : recipients()) {
    auto jwk = to.public_jwk();
    jwk["use"] = "enc";
    jwk["x5u"] = "http://169.254.169.254/";  // never followed
    EXPECT_TRUE(EncryptionKey::from_jwk(jwk)->says_enc());
    jwk["key_ops"] = to.name == "rsa" ? boost::json::array{"wrapKey"} : boost::json::array{};
    EXPECT_TRUE(EncryptionKey::from_jwk(jwk)) << to.name;
    jwk.erase("kid");
    EXPECT_EQ(EncryptionKey::from_jwk(jwk)->kid(), "");
  }
}

struct Spoiled {
  std::size_t base;
  const char* member;
  boost::json::value value;
};

// RFC7517-4, RFC7518-6, RFC8037-2; attacks JO-14, JO-18, JO-20.
TEST(EncryptionKey, refuses_a_jwk_with_one_thing_wrong) {
  const auto x = json_text(recipients()[1].private_jwk(), "x").value();
  const boost::json::value same_as_x(x);
  const boost::json::value long_x(std::string(x) + "AAAA");
  const boost::json::value padded_x(std::string(x) + "=");
  const std::vector<Spoiled> rows{
      {0, "d", "AQAB"},
      {1, "d", "AQAB"},
      {1, "k", "AQAB"},
      {0, "use", "sig"},
      {1, "use", "ENC"},
      {1, "use", 1},
      {0, "key_ops", boost::json::array{"verify"}},
      {0, "key_ops", boost::json::array{}},
      {0, "key_ops", "encrypt"},
      {1, "key_ops", boost::json::array{"sign"}},
      {0, "alg", "RSA-OAEP"},
      {0, "alg", "RSA1_5"},
      {0, "alg", "RS256"},
      {0, "alg", "ECDH-ES"},
      {0, "alg", 1},
      {1, "alg", "RSA-OAEP-256"},
      {1, "alg", "dir"},
      {1, "alg", "ecdh-es"},
      {0, "kid", 1},
      {0, "kid", ""},
      {0, "kid", boost::json::string(257, 'k')},
      {0, "kty", "oct"},
      {0, "kty", "rsa"},
      {0, "n", boost::json::string(boost::json::string_view("_____w"))},
      {0, "e", "AQ"},
      {0, "e", "AAEAAQ"},
      {1, "kty", "OKP"},
      {1, "crv", "P-384"},
      {1, "crv", "secp256k1"},
      {1, "y", same_as_x},
      {1, "x", long_x},
      {1, "x", padded_x},
      {1, "x", nullptr},
      {1, "y", ""},
      {4, "crv", "Ed25519"},
      {4, "kty", "EC"},
      {4, "x", boost::json::string(43, 'A')},  // zero, of small order
      {4, "x", boost::json::string(40, 'A')},
  };
  for (const auto& row : rows) {
    auto jwk = recipients()[row.base].public_jwk();
    ASSERT_TRUE(EncryptionKey::from_jwk(jwk));
    jwk[row.member] = row.value;
    EXPECT_FALSE(EncryptionKey::from_jwk(jwk)) << row.member << boost::json::serialize(row.value);
  }
  EXPECT_FALSE(EncryptionKey::from_jwk({}));
  EXPECT_FALSE(EncryptionKey::from_jwk(object(test::kEd25519)));
  EXPECT_EQ(ERR_peek_error(), 0u);
}

// RFC7518-6.3.2
TEST(DecryptionKey, wants_every_number_and_right) {
  const auto right = recipients().front().private_jwk();
  for (const auto* member : {"n", "e", "d", "p", "q", "dp", "dq", "qi"}) {
    auto jwk = right;
    jwk.erase(member);
    EXPECT_FALSE(DecryptionKey::from_jwk(jwk)) << member;
    jwk[member] = "AQAB";
    EXPECT_FALSE(DecryptionKey::from_jwk(jwk) && std::string_view(member) != "e") << member;
  }
  auto jwk = right;
  jwk["oth"] = boost::json::array{};
  EXPECT_FALSE(DecryptionKey::from_jwk(jwk));
  jwk = right;
  jwk["use"] = "sig";
  EXPECT_FALSE(DecryptionKey::from_jwk(jwk));
  jwk["use"] = "enc";
  jwk["key_ops"] = boost::json::array{"unwrapKey"};
  EXPECT_TRUE(DecryptionKey::from_jwk(jwk));
  jwk["key_ops"] = boost::json::array{"encrypt"};
  EXPECT_FALSE(DecryptionKey::from_jwk(jwk));
  for (const auto& to : recipients()) {
    EXPECT_FALSE(DecryptionKey::from_jwk(to.public_jwk())) << to.name;
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
}

}  // namespace
}  // namespace claviger::crypto
