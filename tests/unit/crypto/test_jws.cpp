#include "crypto/jws.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace claviger::crypto {
namespace {

using test::object;

const PrivateKey& signer() {
  static const auto key = PrivateKey::generate(Alg::ES256);
  return key;
}

const PublicKey* find_signer(std::string_view kid) {
  static const auto half = signer().public_key();
  return kid == half.kid() ? &half : nullptr;
}

std::string encoded(std::string_view text) { return base64url_encode(as_bytes(text)); }

// A token with any header text, signed rightly: what only the header's rules can refuse.
std::string signed_with(std::string_view header, std::string_view payload = R"({"sub":"s"})") {
  auto input = encoded(header) + '.' + encoded(payload);
  const auto signature = signer().sign(input);
  return input + '.' + base64url_encode(signature);
}

// A header that is in order, with `more` added behind the kid.
std::string header(std::string_view more = "", std::string_view typ = "at+jwt",
                   std::string_view alg = "ES256") {
  std::string out = "{\"alg\":\"";
  out.append(alg).append("\",\"typ\":\"").append(typ).append("\",\"kid\":\"");
  out.append(signer().kid()).append("\"").append(more).append("}");
  return out;
}

JwsError error_of(std::string_view compact, std::string_view typ = "at+jwt") {
  const auto result = verify_jws(compact, typ, find_signer);
  EXPECT_FALSE(result) << compact.substr(0, 200);
  return result ? JwsError{} : result.error();
}

TEST(Jws, says_what_was_signed) {
  const auto compact = sign_jws(signer(), "at+jwt", object(R"({"sub":"s","scope":"email"})"));
  EXPECT_TRUE(compact.starts_with("eyJhbGciO"));  // as the seed's access tokens begin
  const auto result = verify_jws(compact, "at+jwt", find_signer);
  ASSERT_TRUE(result);
  EXPECT_EQ(boost::json::serialize(result->payload), R"({"sub":"s","scope":"email"})");
  EXPECT_EQ(boost::json::serialize(result->header), header());
  EXPECT_EQ(result->header.size(), 3u);
}

TEST(Jws, signs_with_every_algorithm) {
  for (const auto alg : {Alg::RS256, Alg::PS256, Alg::EdDSA}) {
    const auto key = PrivateKey::generate(alg);
    const auto half = key.public_key();
    const auto compact = sign_jws(key, "JWT", object(R"({"n":1})"));
    const auto find = [&](std::string_view kid) { return kid == half.kid() ? &half : nullptr; };
    ASSERT_TRUE(verify_jws(compact, "JWT", find)) << to_string(alg);
    EXPECT_EQ(error_of(compact, "JWT"), JwsError::unknown_key);
  }
}

// RFC7515-A.2, RFC7515-A.3: neither carries typ or kid.
TEST(Jws, RFC7515_A_2_and_A_3_vectors) {
  for (const auto& [jwk, compact] :
       {std::pair(test::kRsa, test::kSignedRs256), std::pair(test::kP256, test::kSignedEs256)}) {
    const auto key = *PublicKey::from_jwk(object(jwk));
    const auto find = [&](std::string_view kid) { return kid.empty() ? &key : nullptr; };
    const auto result = verify_jws(compact, "", find);
    ASSERT_TRUE(result) << compact;
    EXPECT_EQ(json_text(result->payload, "iss"), "joe");
    EXPECT_EQ(json_seconds(result->payload, "exp"), 1300819380);
    EXPECT_EQ(verify_jws(compact, "at+jwt", find).error(), JwsError::wrong_type);
  }
}

TEST(Jws, control_row_of_the_attacks_below) {
  EXPECT_TRUE(verify_jws(signed_with(header()), "at+jwt", find_signer));
}

// Attack JO-01, RFC7515-4: a name twice in header or claims, however it is spelled.
TEST(Jws, JO_01_duplicate_names) {
  EXPECT_EQ(error_of(signed_with(header(R"(,"alg":"none")"))), JwsError::bad_header);
  EXPECT_EQ(error_of(signed_with(header(R"(,"\u0061lg":"ES256")"))), JwsError::bad_header);
  EXPECT_EQ(error_of(signed_with(header(), R"({"sub":"a","sub":"b"})")), JwsError::malformed);
  EXPECT_EQ(error_of(signed_with(header(), R"({"a":{"b":1,"\u0062":2}})")), JwsError::malformed);
}

// Attack JO-02, RFC7515-4.1.11: no extension is understood, so crit is never right.
TEST(Jws, JO_02_crit) {
  for (const auto* crit : {R"(,"crit":["exp"],"exp":1)", R"(,"crit":[])", R"(,"crit":["alg"])",
                           R"(,"crit":["absent"])", R"(,"crit":["b64"],"b64":true)",
                           R"(,"crit":null)", R"(,"\u0063rit":["x"],"x":1)"}) {
    EXPECT_EQ(error_of(signed_with(header(crit))), JwsError::unknown_critical) << crit;
  }
}

// Attack JO-03, RFC7797-7
TEST(Jws, JO_03_unencoded_payload) {
  EXPECT_EQ(error_of(signed_with(header(R"(,"b64":false)"))), JwsError::bad_header);
  EXPECT_EQ(error_of(signed_with(header(R"(,"b64":true)"))), JwsError::bad_header);
}

// Attack JO-04 (CVE-2018-0114) and JO-05: a key that comes with the message proves nothing.
TEST(Jws, JO_04_embedded_key_is_not_used) {
  const auto thief = PrivateKey::generate(Alg::ES256);
  const auto jwk = boost::json::serialize(thief.public_key().jwk());
  for (const auto& kid : {signer().kid(), thief.kid()}) {
    const auto input =
        encoded(R"({"alg":"ES256","typ":"at+jwt","kid":")" + kid + R"(","jwk":)" + jwk + "}") +
        '.' + encoded(R"({"sub":"s"})");
    const auto compact = input + '.' + base64url_encode(thief.sign(input));
    const auto expected = kid == thief.kid() ? JwsError::unknown_key : JwsError::bad_signature;
    EXPECT_EQ(error_of(compact), expected);
  }
}

TEST(Jws, JO_05_referenced_keys_are_not_followed) {
  // Signed by the right key: what stands beside it is ignored, and asks nobody.
  const auto more = R"(,"jku":"http://127.0.0.1:1/","x5u":"http://127.0.0.1:1/","x5c":["AAAA"])";
  EXPECT_TRUE(verify_jws(signed_with(header(more)), "at+jwt", find_signer));
}

// Attack JO-06: a kid is a key of a map, nothing else, and bounded.
TEST(Jws, JO_06_kid) {
  const auto with_kid = [](std::string_view kid) {
    return signed_with("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":" + std::string(kid) + "}");
  };
  ASSERT_TRUE(verify_jws(with_kid('"' + signer().kid() + '"'), "at+jwt", find_signer));
  EXPECT_EQ(error_of(with_kid(R"("../../dev/null")")), JwsError::unknown_key);
  EXPECT_EQ(error_of(with_kid(R"("' OR 1=1 --")")), JwsError::unknown_key);
  EXPECT_EQ(error_of(with_kid('"' + std::string(256, 'k') + '"')), JwsError::unknown_key);
  EXPECT_EQ(error_of(with_kid('"' + std::string(257, 'k') + '"')), JwsError::bad_header);
  EXPECT_EQ(error_of(with_kid("\"\"")), JwsError::bad_header);
  EXPECT_EQ(error_of(with_kid("1")), JwsError::bad_header);
  EXPECT_EQ(error_of(with_kid("null")), JwsError::bad_header);
  EXPECT_EQ(error_of(with_kid('"' + std::string(1 << 20, 'k') + '"')), JwsError::too_large);
  EXPECT_EQ(error_of(signed_with(R"({"alg":"ES256","typ":"at+jwt"})")), JwsError::unknown_key);
}

// Attack JO-19: only the compact form is a JWS here.
TEST(Jws, JO_19_json_serialisation) {
  const auto compact = signed_with(header());
  const auto first = compact.find('.');
  const auto second = compact.find('.', first + 1);
  const auto protected_ = compact.substr(0, first);
  const auto payload = compact.substr(first + 1, second - first - 1);
  const auto signature = compact.substr(second + 1);
  const auto flat = R"({"protected":")" + protected_ + R"(","payload":")" + payload +
                    R"(","signature":")" + signature + "\"}";
  const auto general = R"({"payload":")" + payload + R"(","signatures":[{"protected":")" +
                       protected_ + R"(","signature":")" + signature + "\"}]}";
  EXPECT_EQ(error_of(flat), JwsError::malformed);
  EXPECT_EQ(error_of(general), JwsError::malformed);
  EXPECT_EQ(error_of("." + flat + "."), JwsError::malformed);
}

TEST(Jws, exactly_three_parts) {
  const auto compact = signed_with(header());
  const auto last = compact.rfind('.');
  for (const auto& spoiled :
       {std::string(), std::string("."), std::string(".."), std::string("..."),
        compact.substr(0, last), compact.substr(0, last + 1), compact + ".", "." + compact,
        compact + ".AAAA", compact.substr(compact.find('.')),
        compact.substr(0, compact.find('.')) + "." + compact.substr(last)}) {
    EXPECT_EQ(error_of(spoiled), JwsError::malformed) << spoiled;
  }
}

// Attack JO-20, RFC7515-2: one spelling of each part.
TEST(Jws, JO_20_base64url_is_strict) {
  const auto compact = signed_with(header());
  const auto first = compact.find('.');
  const auto last = compact.rfind('.');
  for (const auto at : {first, last, compact.size()}) {
    for (const auto* extra : {"=", "==", " ", "\n", "+", "/", "A====", "%3D"}) {
      auto spoiled = compact;
      spoiled.insert(at, extra);
      EXPECT_FALSE(verify_jws(spoiled, "at+jwt", find_signer)) << at << extra;
    }
  }
  // 64 bytes leave four bits over: the same signature must not be written in 16 ways.
  auto twin = compact;
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  twin.back() = kAlphabet[kAlphabet.find(twin.back()) + 1];
  EXPECT_EQ(error_of(twin), JwsError::malformed);
}

// Attack JO-23: deep, odd or broken JSON is refused, and nothing is thrown.
TEST(Jws, JO_23_hostile_json) {
  const std::string deep = "{\"a\":" + std::string(1000, '[') + std::string(1000, ']') + "}";
  for (const auto& payload :
       {deep, std::string(R"({"exp":1e999})"), std::string(R"({"exp":-0})"),
        "{\"exp\":" + std::string(400, '9') + "}", std::string(R"({"a":"\ud800"})"),
        std::string(R"({"a":"\u0000"})"), std::string("\xef\xbb\xbf{}"), std::string("{} x"),
        std::string("{\"a\":\"\xff\"}"), std::string("[]"), std::string("\"text\""),
        std::string("null"), std::string("{")}) {
    EXPECT_EQ(error_of(signed_with(header(), payload)), JwsError::malformed);
    EXPECT_EQ(error_of(signed_with(payload)), JwsError::bad_header);
  }
  EXPECT_EQ(error_of(std::string(limits::kJwtBytes + 1, 'e')), JwsError::too_large);
}

// Attack JO-29: alg to the letter (RFC7515-4.1.1), typ without regard to case (RFC7515-4.1.9).
TEST(Jws, JO_29_case) {
  for (const auto* alg : {"es256", "Es256", "none", "NONE", "HS256", "ES384", "RS256", ""}) {
    EXPECT_EQ(error_of(signed_with(header("", "at+jwt", alg))), JwsError::wrong_algorithm) << alg;
  }
  EXPECT_EQ(error_of(signed_with(R"({"typ":"at+jwt"})")), JwsError::bad_header);
  EXPECT_EQ(error_of(signed_with(R"({"alg":1,"typ":"at+jwt"})")), JwsError::bad_header);
  for (const auto* typ : {"at+jwt", "AT+JWT", "application/at+jwt", "Application/At+jwt"}) {
    EXPECT_TRUE(verify_jws(signed_with(header("", typ)), "at+jwt", find_signer)) << typ;
  }
}

// Attack JO-27, RFC8725-3.11: a token made for one purpose serves no other.
TEST(Jws, JO_27_typ_is_demanded) {
  for (const auto* typ : {"JWT", "rt+jwt", "at+jwt2", "application/", "text/at+jwt",
                          "application/application/at+jwt", ""}) {
    EXPECT_EQ(error_of(signed_with(header("", typ))), JwsError::wrong_type) << typ;
  }
  const auto bare = R"({"alg":"ES256","kid":")" + signer().kid() + "\"}";
  EXPECT_EQ(error_of(signed_with(bare)), JwsError::wrong_type);
  EXPECT_TRUE(verify_jws(signed_with(bare), "", find_signer));
}

// The alg of the message can't choose what the key does (RFC8725-3.1): an HMAC under the public
// key's text, and the other scheme of an RSA key.
TEST(Jws, RFC8725_3_1_algorithm_confusion) {
  const auto& half = *find_signer(signer().kid());
  const auto text = boost::json::serialize(half.jwk());
  const auto forged =
      mac_jws(MacKey(as_bytes(text)), half.kid(), "at+jwt", object(R"({"sub":"s"})"));
  EXPECT_EQ(error_of(forged), JwsError::wrong_algorithm);

  const auto der = PrivateKey::generate(Alg::RS256).pkcs8();
  const auto pss = *PrivateKey::from_pkcs8(der, Alg::PS256);
  const auto pkcs1 = PrivateKey::from_pkcs8(der, Alg::RS256)->public_key();
  const auto result =
      verify_jws(sign_jws(pss, "at+jwt", {}), "at+jwt", [&](std::string_view) { return &pkcs1; });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), JwsError::wrong_algorithm);
}

TEST(Jws, every_changed_character_is_seen) {
  const auto compact = signed_with(header());
  for (std::size_t i = 0; i < compact.size(); ++i) {
    auto spoiled = compact;
    spoiled[i] = spoiled[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify_jws(spoiled, "at+jwt", find_signer)) << i;
  }
}

TEST(Jws, peek_shows_without_proof) {
  auto compact = signed_with(header());
  compact[compact.size() - 10] = compact[compact.size() - 10] == 'A' ? 'B' : 'A';
  ASSERT_EQ(error_of(compact), JwsError::bad_signature);
  const auto seen = peek_jws(compact);
  ASSERT_TRUE(seen);
  EXPECT_EQ(json_text(seen->payload, "sub"), "s");
  EXPECT_EQ(peek_jws("no token").error(), JwsError::malformed);
  EXPECT_EQ(peek_jws(compact + "=").error(), JwsError::malformed);
}

TEST(JwsError, has_words) {
  EXPECT_EQ(to_string(JwsError::malformed), "malformed");
  EXPECT_EQ(to_string(JwsError::bad_signature), "bad_signature");
}

const MacKey kMac(Bytes(32, 7));

const MacKey* find_mac(std::string_view kid) { return kid == "k1" ? &kMac : nullptr; }

// RFC7515-A.1
TEST(MacJws, RFC7515_A_1_vector) {
  const MacKey key(*base64url_decode(test::kMacKey));
  const auto find = [&](std::string_view) { return &key; };
  const auto result = verify_mac_jws(test::kSignedHs256, "JWT", find);
  ASSERT_TRUE(result);
  EXPECT_EQ(json_text(result->payload, "iss"), "joe");
}

TEST(MacJws, same_input_same_bytes) {
  const auto payload = object(R"({"f":"AAAAAAAAAAAAAAAAAAAAAA","n":1})");
  const auto compact = mac_jws(kMac, "k1", "rt+jwt", payload);
  EXPECT_EQ(compact, mac_jws(kMac, "k1", "rt+jwt", payload));
  EXPECT_TRUE(compact.starts_with("eyJ"));
  EXPECT_NE(compact, mac_jws(kMac, "k2", "rt+jwt", payload));
  const auto result = verify_mac_jws(compact, "rt+jwt", find_mac);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->payload, payload);
  EXPECT_EQ(boost::json::serialize(result->header), R"({"alg":"HS256","typ":"rt+jwt","kid":"k1"})");
}

TEST(MacJws, refuses_what_was_changed) {
  const auto payload = object(R"({"f":"AAAAAAAAAAAAAAAAAAAAAA","n":1})");
  const auto compact = mac_jws(kMac, "k1", "rt+jwt", payload);
  const auto error = [](std::string_view text, std::string_view typ = "rt+jwt") {
    return verify_mac_jws(text, typ, find_mac).error();
  };
  for (std::size_t i = 0; i < compact.size(); ++i) {
    auto spoiled = compact;
    spoiled[i] = spoiled[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify_mac_jws(spoiled, "rt+jwt", find_mac)) << i;
  }
  // Attack JO-28: a shorter MAC is no MAC.
  for (std::size_t cut = 1; cut < 43; ++cut) {
    EXPECT_FALSE(verify_mac_jws(compact.substr(0, compact.size() - cut), "rt+jwt", find_mac));
  }
  EXPECT_EQ(error(compact, "at+jwt"), JwsError::wrong_type);
  EXPECT_EQ(error(mac_jws(kMac, "k2", "rt+jwt", payload)), JwsError::unknown_key);
  EXPECT_EQ(error(mac_jws(MacKey(Bytes(32, 8)), "k1", "rt+jwt", payload)), JwsError::bad_signature);
  EXPECT_EQ(error(mac_jws(MacKey({}), "", "rt+jwt", payload)), JwsError::bad_header);
  EXPECT_EQ(error(sign_jws(signer(), "rt+jwt", payload)), JwsError::wrong_algorithm);
}

}  // namespace
}  // namespace claviger::crypto
