#include "crypto/key.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

#include "base/base64url.hpp"
#include "crypto/openssl.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace claviger::crypto {
namespace {

using test::object;

// Made once: RSA keys take their time.
const PrivateKey& key_of(Alg alg) {
  static const std::array keys{PrivateKey::generate(Alg::ES256), PrivateKey::generate(Alg::RS256),
                               PrivateKey::generate(Alg::PS256), PrivateKey::generate(Alg::EdDSA)};
  return keys[static_cast<std::size_t>(alg)];
}

constexpr std::array kAlgs{Alg::ES256, Alg::RS256, Alg::PS256, Alg::EdDSA};

TEST(Alg, words_are_case_sensitive) {
  for (const auto alg : kAlgs) EXPECT_EQ(parse_alg(to_string(alg)), alg);
  // RFC7515-4.1.1, attack JO-29
  for (const auto* word : {"es256", "Es256", "ES256 ", "eddsa", "none", "None", "HS256", ""}) {
    EXPECT_EQ(parse_alg(word), std::nullopt) << word;
  }
}

TEST(PrivateKey, signs_what_its_public_half_verifies) {
  for (const auto alg : kAlgs) {
    const auto& key = key_of(alg);
    const auto half = key.public_key();
    EXPECT_EQ(half.alg(), alg);
    EXPECT_EQ(half.kid(), key.kid());
    EXPECT_EQ(half.kid(), half.thumbprint());
    for (const auto* message : {"", "a message", "another"}) {  // the kept context serves again
      const auto signature = key.sign(message);
      EXPECT_TRUE(half.verify(message, signature)) << to_string(alg);
      EXPECT_FALSE(half.verify(std::string(message) + ".", signature)) << to_string(alg);
      EXPECT_TRUE(half.verify(message, signature)) << to_string(alg);
    }
  }
}

TEST(PrivateKey, signature_has_the_length_of_its_algorithm) {
  EXPECT_EQ(key_of(Alg::ES256).sign("x").size(), 64u);  // RFC7518-3.4
  EXPECT_EQ(key_of(Alg::RS256).sign("x").size(), 256u);
  EXPECT_EQ(key_of(Alg::PS256).sign("x").size(), 256u);
  EXPECT_EQ(key_of(Alg::EdDSA).sign("x").size(), 64u);
}

// Attack KY-03: a nonce used twice shows as the same r, and gives the key away.
TEST(PrivateKey, KY_03_ecdsa_nonce_is_never_repeated) {
  const auto& key = key_of(Alg::ES256);
  const auto first = key.sign("same");
  const auto second = key.sign("same");
  EXPECT_FALSE(std::equal(first.begin(), first.begin() + 32, second.begin()));
}

TEST(PrivateKey, every_flipped_bit_is_seen) {
  for (const auto alg : {Alg::ES256, Alg::EdDSA}) {
    const auto& key = key_of(alg);
    const auto half = key.public_key();
    const auto signature = key.sign("message");
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
      auto spoiled = signature;
      spoiled[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      EXPECT_FALSE(half.verify("message", spoiled)) << to_string(alg) << ' ' << bit;
    }
  }
}

TEST(PrivateKey, one_scheme_does_not_pass_for_the_other) {
  const auto der = key_of(Alg::RS256).pkcs8();
  const auto pkcs1 = *PrivateKey::from_pkcs8(der, Alg::RS256);
  const auto pss = *PrivateKey::from_pkcs8(der, Alg::PS256);
  EXPECT_TRUE(pss.public_key().verify("m", pss.sign("m")));
  EXPECT_FALSE(pss.public_key().verify("m", pkcs1.sign("m")));
  EXPECT_FALSE(pkcs1.public_key().verify("m", pss.sign("m")));
}

TEST(PrivateKey, comes_back_from_pkcs8) {
  for (const auto alg : kAlgs) {
    const auto back = PrivateKey::from_pkcs8(key_of(alg).pkcs8(), alg);
    ASSERT_TRUE(back) << to_string(alg);
    EXPECT_EQ(back->kid(), key_of(alg).kid());
    EXPECT_TRUE(key_of(alg).public_key().verify("m", back->sign("m")));
  }
}

Secret pkcs8_of(EVP_PKEY* key) {
  const Pkey owner(key);
  const Pkcs8 info(EVP_PKEY2PKCS8(key));
  std::uint8_t* der = nullptr;
  const int length = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  Secret out(as_text(ByteView(der, static_cast<std::size_t>(length))));
  OPENSSL_free(der);
  return out;
}

TEST(PrivateKey, must_be_of_its_algorithm) {
  const auto es256 = key_of(Alg::ES256).pkcs8();
  EXPECT_TRUE(PrivateKey::from_pkcs8(es256, Alg::ES256));
  EXPECT_FALSE(PrivateKey::from_pkcs8(es256, Alg::EdDSA));
  EXPECT_FALSE(PrivateKey::from_pkcs8(es256, Alg::RS256));
  EXPECT_FALSE(PrivateKey::from_pkcs8(Secret(std::string(es256.reveal()) + "x"), Alg::ES256));
  EXPECT_FALSE(PrivateKey::from_pkcs8(Secret(es256.reveal().substr(1)), Alg::ES256));
  EXPECT_FALSE(PrivateKey::from_pkcs8(Secret(""), Alg::ES256));
  const auto p384 = pkcs8_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"));
  EXPECT_FALSE(PrivateKey::from_pkcs8(p384, Alg::ES256));
  const std::size_t bits = 1024;
  const auto small = pkcs8_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits));
  EXPECT_FALSE(PrivateKey::from_pkcs8(small, Alg::RS256));
  EXPECT_EQ(ERR_peek_error(), 0u);  // nothing is left for TLS to stumble over
}

TEST(PrivateKey, is_shared_by_threads) {
  const auto& key = key_of(Alg::ES256);
  const auto half = key.public_key();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const auto message = std::to_string(t * 100 + i);
        if (!half.verify(message, key.sign(message))) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

// More keys than a thread keeps contexts for, and keys that come and go.
TEST(PrivateKey, many_keys_on_one_thread) {
  std::vector<PrivateKey> keys;
  for (int i = 0; i < 40; ++i) keys.push_back(PrivateKey::generate(Alg::EdDSA));
  for (int round = 0; round < 2; ++round) {
    for (const auto& key : keys) {
      EXPECT_TRUE(key.public_key().verify("m", key.sign("m")));
      EXPECT_FALSE(keys.front().public_key().verify("m", keys.back().sign("m")));
    }
  }
}

// RFC7638-3.1, RFC7638-3.2, RFC8037-A.3
TEST(PublicKey, RFC7638_3_1_thumbprint) {
  const auto rsa = PublicKey::from_jwk(object(test::kThumbprinted));
  ASSERT_TRUE(rsa);
  EXPECT_EQ(rsa->thumbprint(), test::kThumbprint);
  EXPECT_EQ(rsa->kid(), "2011-04-29");
  EXPECT_EQ(rsa->alg(), Alg::RS256);
  const auto ed = PublicKey::from_jwk(object(test::kEd25519));
  ASSERT_TRUE(ed);
  EXPECT_EQ(ed->thumbprint(), test::kEdThumbprint);
  EXPECT_EQ(ed->kid(), test::kEdThumbprint);
}

// RFC8037-A.5
TEST(PublicKey, RFC8037_A_5_signature) {
  const auto key = *PublicKey::from_jwk(object(test::kEd25519));
  const auto signature = *base64url_decode(test::kEdSignature);
  EXPECT_TRUE(key.verify(test::kEdMessage, signature));
  EXPECT_FALSE(key.verify(test::kEdMessage, ByteView(signature).first(63)));
}

// RFC7517-4; attack KY-05: no private member leaves.
TEST(PublicKey, KY_05_jwk_is_public_and_complete) {
  for (const auto alg : kAlgs) {
    const auto jwk = key_of(alg).public_key().jwk();
    for (const auto* name : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
      EXPECT_FALSE(jwk.contains(name)) << to_string(alg) << ' ' << name;
    }
    EXPECT_EQ(json_text(jwk, "use"), "sig");
    EXPECT_EQ(json_text(jwk, "alg"), to_string(alg));
    EXPECT_EQ(json_text(jwk, "kid"), key_of(alg).kid());
    const auto back = PublicKey::from_jwk(jwk);
    ASSERT_TRUE(back) << to_string(alg);
    EXPECT_EQ(back->thumbprint(), key_of(alg).kid());
    EXPECT_TRUE(back->verify("m", key_of(alg).sign("m")));
  }
}

TEST(PublicKey, takes_the_registered_algorithm) {
  const auto jwk = object(test::kRsa);
  EXPECT_EQ(PublicKey::from_jwk(jwk)->alg(), Alg::RS256);
  EXPECT_EQ(PublicKey::from_jwk(jwk, Alg::PS256)->alg(), Alg::PS256);
  EXPECT_FALSE(PublicKey::from_jwk(jwk, Alg::ES256));
  auto named = jwk;
  named["alg"] = "PS256";
  EXPECT_EQ(PublicKey::from_jwk(named)->alg(), Alg::PS256);
  EXPECT_FALSE(PublicKey::from_jwk(named, Alg::RS256));
}

boost::json::value text(std::string_view words) { return boost::json::value(words); }

struct Spoiled {
  const char* why;
  std::string_view base;
  const char* member;
  boost::json::value value;
};

// RFC7517-4, RFC7518-2, RFC7518-6, RFC8037-2; attacks JO-18 (a key for one thing used for another),
// JO-20.
TEST(PublicKey, refuses_a_jwk_with_one_thing_wrong) {
  const std::string x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
  const std::vector<Spoiled> rows{
      {"private member", test::kP256, "d", "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"},
      {"private member", test::kRsa, "p", "AQAB"},
      {"symmetric member", test::kEd25519, "k", "AQAB"},
      {"symmetric key", test::kP256, "kty", "oct"},
      {"unknown kty", test::kP256, "kty", "ec"},
      {"kty no text", test::kP256, "kty", 1},
      {"curve", test::kP256, "crv", "P-384"},
      {"curve", test::kP256, "crv", "secp256k1"},
      {"curve of another kty", test::kEd25519, "crv", "P-256"},
      {"curve", test::kEd25519, "crv", "X25519"},
      {"off the curve", test::kP256, "y", text(x)},
      {"x too short", test::kP256, "x", text(x.substr(0, 40))},
      {"x too long", test::kP256, "x", text(x + "AAAA")},
      {"x padded", test::kP256, "x", text(x + "=")},
      {"x not canonical", test::kP256, "x", text(x.substr(0, 42) + "V")},
      {"x no text", test::kP256, "x", nullptr},
      {"y empty", test::kP256, "y", ""},
      {"small order", test::kEd25519, "x", text(std::string(43, 'A'))},
      {"small order", test::kEd25519, "x", text("AQ" + std::string(41, 'A'))},
      {"512 bits", test::kRsa, "n", text(std::string(85, '_') + "w")},
      {"leading zero", test::kRsa, "e", "AAEAAQ"},
      {"exponent 1", test::kRsa, "e", "AQ"},
      {"even exponent", test::kRsa, "e", "BA"},
      {"long exponent", test::kRsa, "e", "AQAAAAAAAAAAAQ"},
      {"huge modulus", test::kRsa, "n", text(std::string(1400, '_'))},
      {"even modulus", test::kRsa, "n", text(std::string(341, '_') + "g")},
      {"use", test::kP256, "use", "enc"},
      {"use no text", test::kP256, "use", 1},
      {"key_ops", test::kP256, "key_ops", boost::json::array{"sign"}},
      {"key_ops no list", test::kP256, "key_ops", "verify"},
      {"alg of another kty", test::kP256, "alg", "RS256"},
      {"alg unknown", test::kP256, "alg", "ES256K"},
      {"alg of another case", test::kP256, "alg", "es256"},
      {"alg HMAC", test::kRsa, "alg", "HS256"},
      {"alg no text", test::kP256, "alg", nullptr},
      {"kid no text", test::kP256, "kid", 1},
      {"kid empty", test::kP256, "kid", ""},
      {"kid too long", test::kP256, "kid", text(std::string(257, 'k'))},
  };
  for (const auto& row : rows) {
    auto jwk = object(row.base);
    ASSERT_TRUE(PublicKey::from_jwk(jwk)) << row.why;
    jwk[row.member] = row.value;
    EXPECT_FALSE(PublicKey::from_jwk(jwk)) << row.why << ": " << row.member;
  }
  EXPECT_FALSE(PublicKey::from_jwk({}));
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(PublicKey, takes_members_that_fit) {
  auto jwk = object(test::kP256);
  jwk["use"] = "sig";
  jwk["key_ops"] = boost::json::array{"verify"};
  jwk["alg"] = "ES256";
  jwk["kid"] = std::string(256, 'k');
  jwk["x5u"] = "http://169.254.169.254/";  // never followed
  const auto key = PublicKey::from_jwk(jwk);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->kid().size(), 256u);
  EXPECT_FALSE(key->jwk().contains("x5u"));
}

}  // namespace
}  // namespace claviger::crypto
