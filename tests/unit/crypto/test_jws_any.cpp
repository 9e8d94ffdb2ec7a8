// Messages that others signed: with one of several keys, or under a secret that is shared.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "crypto/jwk_set.hpp"
#include "crypto/jws.hpp"
#include "tests/unit/crypto/jwe_vectors.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace claviger::crypto {
namespace {

using test::object;

const PrivateKey& key_of(std::size_t which) {
  static const std::vector<PrivateKey> keys{
      PrivateKey::generate(Alg::ES256), PrivateKey::generate(Alg::ES256),
      PrivateKey::generate(Alg::RS256), PrivateKey::generate(Alg::EdDSA)};
  return keys[which];
}

std::string encoded(std::string_view text) { return base64url_encode(as_bytes(text)); }

std::string signed_with(const PrivateKey& key, std::string_view header) {
  auto input = encoded(header) + '.' + encoded(R"({"sub":"s"})");
  const auto signature = key.sign(input);
  return input + '.' + base64url_encode(signature);
}

// The public halves as a client would register them, without alg.
JwkSet registered() {
  boost::json::array keys;
  for (std::size_t i = 0; i < 4; ++i) {
    auto jwk = key_of(i).public_key().jwk();
    jwk.erase("alg");
    keys.push_back(jwk);
  }
  return *JwkSet::parse_strict(boost::json::serialize(boost::json::object{{"keys", keys}}));
}

std::expected<VerifiedJws, JwsError> verified(std::string_view compact, std::string_view typ = "") {
  static const auto set = registered();
  return verify_jws_with_any(
      compact, typ, [](Alg alg, std::string_view kid) { return set.for_verifying(alg, kid); });
}

JwsError error_of(std::string_view compact, std::string_view typ = "") {
  const auto result = verified(compact, typ);
  EXPECT_FALSE(result) << compact.substr(0, 200);
  return result ? JwsError{} : result.error();
}

// Attack JO-06: without a kid every key that fits is tried, with one only that.
TEST(JwsWithAny, JO_06_kid_is_optional) {
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string alg(to_string(key_of(i).alg()));
    EXPECT_TRUE(verified(signed_with(key_of(i), R"({"alg":")" + alg + "\"}"))) << i;
    EXPECT_TRUE(verified(sign_jws(key_of(i), "JWT", object(R"({"sub":"s"})")))) << i;
  }
  const auto first = key_of(0).kid();
  const auto other = R"({"alg":"ES256","kid":")" + first + "\"}";
  EXPECT_TRUE(verified(signed_with(key_of(0), other)));
  EXPECT_EQ(error_of(signed_with(key_of(1), other)), JwsError::bad_signature);
  const auto unknown = R"({"alg":"ES256","kid":"../../dev/null"})";
  EXPECT_EQ(error_of(signed_with(key_of(0), unknown)), JwsError::unknown_key);
  const auto stranger = PrivateKey::generate(Alg::ES256);
  EXPECT_EQ(error_of(signed_with(stranger, R"({"alg":"ES256"})")), JwsError::bad_signature);
}

TEST(JwsWithAny, rsa_without_alg_signs_by_either_padding) {
  const auto pss = *PrivateKey::from_pkcs8(key_of(2).pkcs8(), Alg::PS256);
  EXPECT_TRUE(verified(signed_with(pss, R"({"alg":"PS256"})")));
  EXPECT_TRUE(verified(signed_with(key_of(2), R"({"alg":"RS256"})")));
  EXPECT_EQ(error_of(signed_with(pss, R"({"alg":"RS256"})")), JwsError::bad_signature);
  EXPECT_EQ(error_of(signed_with(key_of(2), R"({"alg":"PS256"})")), JwsError::bad_signature);
}

// Attacks CA-04 and CA-05, RFC8725-3.1: no `none`, and no MAC under what everybody knows.
TEST(JwsWithAny, CA_05_algorithm_confusion) {
  const auto text = boost::json::serialize(key_of(2).public_key().jwk());
  EXPECT_EQ(error_of(mac_jws(MacKey(as_bytes(text)), key_of(2).kid(), "JWT", {})),
            JwsError::wrong_algorithm);
  EXPECT_EQ(error_of(mac_jws(MacKey({}), key_of(2).kid(), "JWT", {})), JwsError::wrong_algorithm);
  for (const auto* alg : {"none", "None", "nOnE", "HS256", "es256", "ES384", "RS512", ""}) {
    const auto header = R"({"alg":")" + std::string(alg) + "\"}";
    EXPECT_EQ(error_of(signed_with(key_of(0), header)), JwsError::wrong_algorithm) << alg;
    EXPECT_FALSE(verified(encoded(header) + '.' + encoded("{}") + '.')) << alg;
  }
  // Keys of another algorithm that a careless finder gives are not used.
  const auto careless = [](Alg, std::string_view) {
    return std::vector{key_of(2).public_key(), key_of(3).public_key()};
  };
  const auto result =
      verify_jws_with_any(signed_with(key_of(0), R"({"alg":"ES256"})"), "", careless);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), JwsError::wrong_algorithm);
}

// Attacks JO-02, JO-03, JO-27: the header is judged as everywhere.
TEST(JwsWithAny, JO_02_header_rules) {
  const auto with = [](std::string_view more) {
    return signed_with(key_of(0), R"({"alg":"ES256",)" + std::string(more) + "}");
  };
  EXPECT_TRUE(verified(with(R"("typ":"JWT")"), "JWT"));
  EXPECT_EQ(error_of(with(R"("typ":"dpop+jwt")"), "JWT"), JwsError::wrong_type);
  EXPECT_EQ(error_of(with(R"("crit":[])")), JwsError::unknown_critical);
  EXPECT_EQ(error_of(with(R"("b64":false)")), JwsError::bad_header);
  EXPECT_EQ(error_of(with(R"("kid":"")")), JwsError::bad_header);
  EXPECT_EQ(error_of(with(R"("alg":"ES256")")), JwsError::bad_header);  // twice
}

TEST(JwsWithAny, every_changed_character_is_seen) {
  const auto compact = signed_with(key_of(0), R"({"alg":"ES256"})");
  ASSERT_TRUE(verified(compact));
  for (std::size_t i = 0; i < compact.size(); ++i) {
    auto spoiled = compact;
    spoiled[i] = spoiled[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verified(spoiled)) << i;
  }
}

// RFC7520-6: a PS256 signature as the cookbook prints it (RFC7518-3.5).
TEST(JwsWithAny, RFC7520_6_ps256_vector) {
  auto jwk = object(test::kHobbiton);
  const auto find = [&](Alg alg, std::string_view) {
    const auto key = PublicKey::from_jwk(jwk, alg);
    return key ? std::vector{*key} : std::vector<PublicKey>();
  };
  const auto result = verify_jws_with_any(test::kSignedPs256, "JWT", find);
  ASSERT_TRUE(result);
  EXPECT_EQ(json_text(result->payload, "iss"), "hobbiton.example");
  jwk["alg"] = "PS256";
  EXPECT_TRUE(verify_jws_with_any(test::kSignedPs256, "JWT", find));
  jwk["alg"] = "RS256";
  EXPECT_FALSE(verify_jws_with_any(test::kSignedPs256, "JWT", find));
}

TEST(PrivateKey, RFC7518_3_5_ps256_everywhere) {
  const auto key = PrivateKey::generate(Alg::PS256);
  const auto jwk = key.public_key().jwk();
  EXPECT_EQ(json_text(jwk, "alg"), "PS256");
  const auto compact = sign_jws(key, "JWT", object(R"({"sub":"s"})"));
  EXPECT_TRUE(as_text(*base64url_decode(compact.substr(0, compact.find('.'))))
                  .starts_with(R"({"alg":"PS256")"));
  const auto set = *JwkSet::parse_strict(
      boost::json::serialize(boost::json::object{{"keys", boost::json::array{jwk}}}));
  EXPECT_TRUE(verify_jws_with_any(
      compact, "JWT", [&](Alg alg, std::string_view kid) { return set.for_verifying(alg, kid); }));
  EXPECT_NE(compact, sign_jws(key, "JWT", object(R"({"sub":"s"})")));  // a salt of its own
  EXPECT_EQ(PrivateKey::from_pkcs8(key.pkcs8(), Alg::PS256)->kid(), key.kid());
}

const Secret kShared("a secret of at least thirty-two bytes");

std::string under_secret(const Secret& secret, std::string_view header,
                         std::string_view payload = R"({"sub":"s"})") {
  // mac_jws writes a header of its own: the parts are put together here.
  auto input = encoded(header) + '.' + encoded(payload);
  return input + '.' + base64url_encode(hmac_sha256(as_bytes(secret.reveal()), as_bytes(input)));
}

JwsError secret_error(std::string_view compact, const Secret& secret = kShared) {
  const auto result = verify_secret_jws(compact, "", secret);
  EXPECT_FALSE(result) << compact;
  return result ? JwsError{} : result.error();
}

// RFC7515-A.1
TEST(SecretJws, RFC7515_A_1_vector) {
  const Secret key(as_text(*base64url_decode(test::kMacKey)));
  const auto result = verify_secret_jws(test::kSignedHs256, "JWT", key);
  ASSERT_TRUE(result);
  EXPECT_EQ(json_text(result->payload, "iss"), "joe");
  EXPECT_EQ(secret_error(test::kSignedHs256), JwsError::bad_signature);
}

TEST(SecretJws, kid_is_ignored_and_typ_compared) {
  EXPECT_TRUE(verify_secret_jws(under_secret(kShared, R"({"alg":"HS256"})"), "", kShared));
  const auto with_kid = under_secret(kShared, R"({"alg":"HS256","kid":"any","typ":"JWT"})");
  EXPECT_TRUE(verify_secret_jws(with_kid, "JWT", kShared));
  EXPECT_EQ(verify_secret_jws(with_kid, "at+jwt", kShared).error(), JwsError::wrong_type);
}

// RFC7518-3.2: a key as long as the hash at least. An empty one is no key (CA-05).
TEST(SecretJws, RFC7518_3_2_short_secret) {
  for (const std::size_t length : {0u, 1u, 31u}) {
    const Secret secret(std::string(length, 's'));
    EXPECT_EQ(secret_error(under_secret(secret, R"({"alg":"HS256"})"), secret),
              JwsError::unknown_key);
  }
  const Secret enough(std::string(32, 's'));
  EXPECT_TRUE(verify_secret_jws(under_secret(enough, R"({"alg":"HS256"})"), "", enough));
}

TEST(SecretJws, CA_04_algorithm_and_header) {
  for (const auto* alg : {"none", "None", "hs256", "HS384", "HS512", "ES256", "RS256", ""}) {
    const auto header = R"({"alg":")" + std::string(alg) + "\"}";
    EXPECT_EQ(secret_error(under_secret(kShared, header)), JwsError::wrong_algorithm) << alg;
  }
  EXPECT_EQ(secret_error(under_secret(kShared, R"({"alg":"HS256","crit":["x"],"x":1})")),
            JwsError::unknown_critical);
  EXPECT_EQ(secret_error(under_secret(kShared, R"({"alg":"HS256","\u0061lg":"HS256"})")),
            JwsError::bad_header);
  EXPECT_EQ(secret_error(sign_jws(key_of(0), "JWT", {})), JwsError::wrong_algorithm);
}

TEST(SecretJws, every_changed_character_is_seen) {
  const auto compact = under_secret(kShared, R"({"alg":"HS256"})");
  for (std::size_t i = 0; i < compact.size(); ++i) {
    auto spoiled = compact;
    spoiled[i] = spoiled[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify_secret_jws(spoiled, "", kShared)) << i;
  }
  for (std::size_t cut = 1; cut < 43; ++cut) {
    EXPECT_FALSE(verify_secret_jws(compact.substr(0, compact.size() - cut), "", kShared)) << cut;
  }
}

// OIDCC-3.1.3.6, OIDCC-3.3.2.11; the values of OpenID Connect Core's examples A.3 and A.6.
TEST(HalfHash, OIDCC_3_1_3_6_values) {
  constexpr std::string_view kToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
  constexpr std::string_view kCode = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
  for (const auto alg : {Alg::ES256, Alg::RS256, Alg::PS256}) {
    EXPECT_EQ(half_hash(alg, kToken), "77QmUPtjPfzWtF2AnpK9RQ");
    EXPECT_EQ(half_hash(alg, kCode), "LDktKdoQak3Pk0cnXxCltA");
  }
  EXPECT_EQ(half_hash(Alg::EdDSA, kToken), "q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM");
}

}  // namespace
}  // namespace claviger::crypto
