#include "crypto/jwe.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "crypto/content_encryption.hpp"
#include "crypto/openssl.hpp"
#include "crypto/system_random.hpp"
#include "tests/unit/crypto/jwe_vectors.hpp"
#include "tests/unit/crypto/recipients.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace claviger::crypto {
namespace {

using test::object;
using test::parts_of;
using test::Recipient;
using test::recipients;

constexpr std::string_view kPlain = "a signed token, say";

std::string encrypted_to(const Recipient& to, KeyAlg alg, ContentEnc enc,
                         std::string_view plain = kPlain) {
  SystemRandom random;
  return encrypt_jwe(to.key(), alg, enc, "JWT", plain, random);
}

// The header of a right message, replaced: everything behind it stays.
std::string with_header(const std::string& compact, std::string_view header) {
  return base64url_encode(as_bytes(header)) + compact.substr(compact.find('.'));
}

const Recipient& rsa() { return recipients().front(); }

JweError error_of(std::string_view compact, const Recipient& to = rsa(),
                  KeyAlg alg = KeyAlg::rsa_oaep_256, ContentEnc enc = ContentEnc::a256gcm) {
  const auto result = decrypt_jwe(compact, to.own(), alg, enc);
  EXPECT_FALSE(result) << compact.substr(0, 200);
  return result ? JweError{} : result.error();
}

TEST(Jwe, every_algorithm_with_every_encryption_on_every_key) {
  std::size_t pairs = 0;
  for (const auto& to : recipients()) {
    for (const auto alg : kAllKeyAlgs) {
      if (!to.key().fits(alg)) continue;
      for (const auto enc : kAllContentEncs) {
        const auto compact = encrypted_to(to, alg, enc);
        const auto opened = decrypt_jwe(compact, to.own(), alg, enc);
        ASSERT_TRUE(opened) << to.name << to_string(alg) << to_string(enc);
        EXPECT_EQ(opened->plain.reveal(), kPlain);
        EXPECT_EQ(json_text(opened->header, "alg"), to_string(alg));
        EXPECT_EQ(json_text(opened->header, "enc"), to_string(enc));
        EXPECT_EQ(json_text(opened->header, "kid"), to.name);
        EXPECT_EQ(json_text(opened->header, "cty"), "JWT");
        EXPECT_EQ(opened->header.contains("epk"), alg != KeyAlg::rsa_oaep_256);
        ++pairs;
      }
    }
  }
  EXPECT_EQ(pairs, (1u + 4u * 4u) * 4u);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(Jwe, header_has_nothing_that_was_not_asked_for) {
  auto jwk = rsa().public_jwk();
  jwk.erase("kid");
  const auto key = *EncryptionKey::from_jwk(jwk);
  SystemRandom random;
  const auto compact =
      encrypt_jwe(key, KeyAlg::rsa_oaep_256, ContentEnc::a256gcm, "", kPlain, random);
  const auto opened = decrypt_jwe(compact, rsa().own(), KeyAlg::rsa_oaep_256, ContentEnc::a256gcm);
  ASSERT_TRUE(opened);
  EXPECT_EQ(boost::json::serialize(opened->header), R"({"alg":"RSA-OAEP-256","enc":"A256GCM"})");
}

TEST(Jwe, RFC7518_4_6_1_1_epk_is_public_and_new_for_every_message) {
  for (const auto& to : recipients()) {
    if (!to.key().fits(KeyAlg::ecdh_es)) continue;
    std::vector<std::string> seen;
    for (int i = 0; i < 2; ++i) {
      const auto compact = encrypted_to(to, KeyAlg::ecdh_es, ContentEnc::a128gcm);
      const auto header = object(as_text(*base64url_decode(parts_of(compact)[0])));
      const auto& epk = header.at("epk").as_object();
      EXPECT_FALSE(epk.contains("d"));
      EXPECT_EQ(epk.at("crv"), to.public_jwk().at("crv"));
      seen.emplace_back(epk.at("x").as_string());
    }
    EXPECT_NE(seen[0], seen[1]) << to.name;
  }
}

TEST(Jwe, plain_text_of_any_length) {
  for (const auto enc : kAllContentEncs) {
    for (const std::size_t length : {0u, 1u, 15u, 16u, 17u, 31u, 32u, 33u, 6000u}) {
      const std::string plain(length, 'p');
      const auto compact = encrypted_to(rsa(), KeyAlg::rsa_oaep_256, enc, plain);
      const auto opened = decrypt_jwe(compact, rsa().own(), KeyAlg::rsa_oaep_256, enc);
      ASSERT_TRUE(opened) << to_string(enc) << length;
      EXPECT_EQ(opened->plain.reveal(), plain);
    }
  }
}

struct Vector {
  std::string_view jwk;
  std::string_view compact;
  KeyAlg alg;
  ContentEnc enc;
  std::string_view plain;
};

// RFC7520-5.4 (its key is wrapped as RFC3394-2.2.1 says), RFC7520-5.5; and what jose (npm) made,
// apu and apv among it (RFC7518-4.6.1.2, RFC7518-4.6.1.3).
const std::vector<Vector>& vectors() {
  static const std::vector<Vector> all{
      {test::kPeregrin, test::kForPeregrin, KeyAlg::ecdh_es_a128kw, ContentEnc::a128gcm,
       test::kFrodo},
      {test::kMeriadoc, test::kForMeriadoc, KeyAlg::ecdh_es, ContentEnc::a128cbc_hs256,
       test::kFrodo},
      {test::kRsaOaepKey, test::kRsaOaepToken, KeyAlg::rsa_oaep_256, ContentEnc::a256gcm,
       R"({"sub":"alice"})"},
      {test::kP521Key, test::kP521Token, KeyAlg::ecdh_es_a256kw, ContentEnc::a256cbc_hs512,
       R"({"sub":"alice"})"},
      {test::kX25519Key, test::kX25519Token, KeyAlg::ecdh_es_a192kw, ContentEnc::a128cbc_hs256,
       R"({"sub":"alice"})"},
      {test::kPartiesKey, test::kPartiesToken, KeyAlg::ecdh_es, ContentEnc::a256gcm,
       R"({"sub":"alice"})"}};
  return all;
}

TEST(Jwe, RFC7520_5_vectors) {
  for (const auto& row : vectors()) {
    const auto key = DecryptionKey::from_jwk(object(row.jwk));
    ASSERT_TRUE(key) << row.jwk;
    const auto opened = decrypt_jwe(row.compact, *key, row.alg, row.enc);
    ASSERT_TRUE(opened) << to_string(row.alg) << to_string(opened.error());
    EXPECT_EQ(opened->plain.reveal(), row.plain);
  }
}

TEST(Jwe, every_changed_character_is_seen) {
  for (const auto& row : vectors()) {
    const auto key = *DecryptionKey::from_jwk(object(row.jwk));
    for (std::size_t i = 0; i < row.compact.size(); ++i) {
      std::string spoiled(row.compact);
      spoiled[i] = spoiled[i] == 'A' ? 'B' : 'A';
      EXPECT_FALSE(decrypt_jwe(spoiled, key, row.alg, row.enc)) << to_string(row.alg) << i;
    }
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
}

// RFC7516-11.5: whatever is wrong behind the header, one answer.
TEST(Jwe, RFC7516_11_5_one_error_behind_the_header) {
  for (const auto& row : vectors()) {
    const auto key = *DecryptionKey::from_jwk(object(row.jwk));
    const auto right = parts_of(row.compact);
    for (std::size_t part = 1; part < right.size(); ++part) {
      auto bytes = *base64url_decode(right[part]);
      for (std::size_t i = 0; i < bytes.size(); i += 7) {
        auto spoiled = bytes;
        spoiled[i] ^= 0x80;
        auto parts = right;
        parts[part] = base64url_encode(spoiled);
        const auto opened = decrypt_jwe(test::joined(parts), key, row.alg, row.enc);
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error(), JweError::failed) << to_string(row.alg) << part << ' ' << i;
      }
      for (const std::size_t length : {std::size_t{0}, bytes.size() - 1, bytes.size() + 1}) {
        if (length > bytes.size() + 1 || (part == 1 && bytes.empty() && length != 1)) continue;
        auto resized = bytes;
        resized.resize(length);
        auto parts = right;
        parts[part] = base64url_encode(resized);
        const auto opened = decrypt_jwe(test::joined(parts), key, row.alg, row.enc);
        ASSERT_FALSE(opened) << part << ' ' << length;
        EXPECT_EQ(opened.error(), JweError::failed) << part << ' ' << length;
      }
    }
  }
}

// RFC7516-11.5: the key that stands in for one that can't be opened is nobody's guess.
TEST(Jwe, RFC7516_11_5_no_known_key_stands_in) {
  for (const auto& to : {recipients()[0], recipients()[1]}) {
    for (const auto alg : {KeyAlg::rsa_oaep_256, KeyAlg::ecdh_es_a128kw}) {
      if (!to.key().fits(alg)) continue;
      for (const auto enc : kAllContentEncs) {
        auto parts = parts_of(encrypted_to(to, alg, enc));
        auto wrapped = *base64url_decode(parts[1]);
        wrapped.front() ^= 1;
        parts[1] = base64url_encode(wrapped);
        const Bytes zeros(content_key_bytes(enc), 0);
        const auto iv = *base64url_decode(parts[2]);
        const auto made = encrypt_content(enc, zeros, iv, parts[0], "forged");
        parts[3] = base64url_encode(made.cipher);
        parts[4] = base64url_encode(made.tag);
        EXPECT_EQ(error_of(test::joined(parts), to, alg, enc), JweError::failed)
            << to_string(alg) << to_string(enc);
      }
    }
  }
}

// Attack JO-16 (CVE-2023-37464): a tag of 128 bits (256 of SHA-512), an IV of 96 (128 of CBC), and
// none that is a bit narrower or wider.
TEST(Jwe, JO_16_widths_of_tag_and_iv) {
  for (const auto enc : kAllContentEncs) {
    const auto compact = encrypted_to(rsa(), KeyAlg::rsa_oaep_256, enc);
    const auto right = parts_of(compact);
    const bool gcm = enc == ContentEnc::a128gcm || enc == ContentEnc::a256gcm;
    EXPECT_EQ(base64url_decode(right[2])->size(), gcm ? 12u : 16u);
    EXPECT_EQ(base64url_decode(right[4])->size(), enc == ContentEnc::a256cbc_hs512 ? 32u : 16u);
    for (const std::size_t part : {2u, 4u}) {
      for (std::size_t length = 0; length < 40; ++length) {
        auto bytes = *base64url_decode(right[part]);
        if (bytes.size() == length) continue;
        bytes.resize(length);
        auto parts = right;
        parts[part] = base64url_encode(bytes);
        EXPECT_EQ(error_of(test::joined(parts), rsa(), KeyAlg::rsa_oaep_256, enc), JweError::failed)
            << to_string(enc) << part << ' ' << length;
      }
    }
  }
}

TEST(Jwe, wrong_key) {
  for (const auto& to : recipients()) {
    for (const auto alg : kAllKeyAlgs) {
      if (!to.key().fits(alg)) continue;
      const auto compact = encrypted_to(to, alg, ContentEnc::a256gcm);
      const auto stranger = test::another_like(to);
      EXPECT_EQ(error_of(compact, stranger, alg), JweError::failed) << to.name << to_string(alg);
    }
  }
}

// Attack JO-02: no extension is understood (RFC7516-4.1.13).
TEST(Jwe, JO_02_crit) {
  const auto compact = encrypted_to(rsa(), KeyAlg::rsa_oaep_256, ContentEnc::a256gcm);
  for (const auto* crit : {R"("crit":["exp"],"exp":1)", R"("crit":[])", R"("crit":["alg"])",
                           R"("crit":null)", R"("\u0063rit":["zip"])"}) {
    const auto header = R"({"alg":"RSA-OAEP-256","enc":"A256GCM",)" + std::string(crit) + "}";
    EXPECT_EQ(error_of(with_header(compact, header)), JweError::unknown_critical) << crit;
  }
}

// Attack JO-15 (CVE-2024-33664): what is compressed is never opened, so nothing swells.
TEST(Jwe, JO_15_zip) {
  const auto compact = encrypted_to(rsa(), KeyAlg::rsa_oaep_256, ContentEnc::a256gcm);
  for (const auto* zip : {R"("zip":"DEF")", R"("zip":"")", R"("zip":null)"}) {
    const auto header = R"({"alg":"RSA-OAEP-256","enc":"A256GCM",)" + std::string(zip) + "}";
    EXPECT_EQ(error_of(with_header(compact, header)), JweError::bad_header) << zip;
  }
}

// Attack JO-14 (CVE-2023-50967) and what else is not spoken here: refused before any work is done.
TEST(Jwe, JO_14_algorithms_that_are_not_here) {
  const auto compact = encrypted_to(rsa(), KeyAlg::rsa_oaep_256, ContentEnc::a256gcm);
  for (const auto* header :
       {R"({"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2s":"AAAA","p2c":2147483648})",
        R"({"alg":"RSA1_5","enc":"A256GCM"})", R"({"alg":"RSA-OAEP","enc":"A256GCM"})",
        R"({"alg":"dir","enc":"A256GCM"})", R"({"alg":"A256KW","enc":"A256GCM"})",
        R"({"alg":"none","enc":"A256GCM"})", R"({"alg":"ECDH-ES","enc":"A256GCM"})",
        R"({"alg":"rsa-oaep-256","enc":"A256GCM"})", R"({"alg":"RSA-OAEP-256","enc":"A128GCM"})",
        R"({"alg":"RSA-OAEP-256","enc":"a256gcm"})", R"({"alg":"RSA-OAEP-256","enc":"A192GCM"})",
        R"({"alg":"RSA-OAEP-256","enc":"A128CBC-HS256"})"}) {
    EXPECT_EQ(error_of(with_header(compact, header)), JweError::wrong_algorithm) << header;
  }
  EXPECT_EQ(error_of(test::kRsaOaepSha1), JweError::wrong_algorithm);  // RFC7516-A.1
  for (const auto* word : {"PBES2-HS256+A128KW", "RSA1_5", "RSA-OAEP", "dir", "A128KW", "ecdh-es",
                           "ECDH-ES ", "none", ""}) {
    EXPECT_EQ(parse_key_alg(word), std::nullopt) << word;
  }
  for (const auto* word : {"A192GCM", "A192CBC-HS384", "a128gcm", ""}) {
    EXPECT_EQ(parse_content_enc(word), std::nullopt) << word;
  }
}

// Attack JO-18: a key is used for what it was agreed on, whatever the message says.
TEST(Jwe, JO_18_key_of_another_algorithm) {
  const auto& p256 = recipients()[1];
  const auto compact = encrypted_to(p256, KeyAlg::ecdh_es, ContentEnc::a256gcm);
  EXPECT_EQ(error_of(compact, rsa(), KeyAlg::ecdh_es), JweError::wrong_algorithm);
  auto jwk = p256.private_jwk();
  jwk["alg"] = "ECDH-ES+A256KW";
  const auto bound = *DecryptionKey::from_jwk(jwk);
  const auto opened = decrypt_jwe(compact, bound, KeyAlg::ecdh_es, ContentEnc::a256gcm);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(), JweError::wrong_algorithm);
  // A derived key is bound to the name of its use: the same secret opens no other enc.
  auto header = object(as_text(*base64url_decode(parts_of(compact)[0])));
  header["enc"] = "A128CBC-HS256";  // of the same key size
  EXPECT_EQ(error_of(with_header(compact, boost::json::serialize(header)), p256, KeyAlg::ecdh_es,
                     ContentEnc::a128cbc_hs256),
            JweError::failed);
}

// Attack JO-01: a name twice in the header, however it is spelled (RFC7516-4).
TEST(Jwe, JO_01_duplicate_names) {
  const auto compact = encrypted_to(rsa(), KeyAlg::rsa_oaep_256, ContentEnc::a256gcm);
  for (const auto* header : {R"({"alg":"RSA-OAEP-256","enc":"A256GCM","enc":"A256GCM"})",
                             R"({"alg":"RSA-OAEP-256","\u0061lg":"dir","enc":"A256GCM"})"}) {
    EXPECT_EQ(error_of(with_header(compact, header)), JweError::bad_header) << header;
  }
}

// Attack JO-23: deep, odd or broken JSON, and members of another type than theirs.
TEST(Jwe, JO_23_hostile_header) {
  const auto compact = encrypted_to(rsa(), KeyAlg::rsa_oaep_256, ContentEnc::a256gcm);
  const std::string deep = "{\"a\":" + std::string(1000, '[') + std::string(1000, ']') + "}";
  for (const auto& header :
       {deep, std::string("[]"), std::string("null"), std::string("{"), std::string("{} x"),
        std::string("\xef\xbb\xbf{}"), std::string("{\"a\":\"\xff\"}"), std::string("{}"),
        std::string(R"({"alg":"RSA-OAEP-256"})"), std::string(R"({"enc":"A256GCM"})"),
        std::string(R"({"alg":1,"enc":"A256GCM"})"),
        std::string(R"({"alg":"RSA-OAEP-256","enc":"A256GCM","kid":1})"),
        std::string(R"({"alg":"RSA-OAEP-256","enc":"A256GCM","cty":[]})")}) {
    EXPECT_EQ(error_of(with_header(compact, header)), JweError::bad_header) << header.substr(0, 60);
  }
  EXPECT_EQ(error_of(std::string(2 * limits::kJwtBytes + 1, 'e')), JweError::too_large);
}

// Attack JO-19, RFC7516-3.1, RFC7516-7.1: five parts between four dots, and no other form.
TEST(Jwe, JO_19_compact_only) {
  const auto compact = encrypted_to(rsa(), KeyAlg::rsa_oaep_256, ContentEnc::a256gcm);
  const auto parts = parts_of(compact);
  const auto flat = R"({"protected":")" + parts[0] + R"(","encrypted_key":")" + parts[1] +
                    R"(","iv":")" + parts[2] + R"(","ciphertext":")" + parts[3] + R"(","tag":")" +
                    parts[4] + "\"}";
  for (const auto& spoiled :
       {flat, std::string(), std::string("...."), std::string("....."), "." + compact,
        compact + ".", compact + ".AAAA", compact.substr(0, compact.rfind('.')),
        compact.substr(compact.find('.') + 1), compact.substr(compact.find('.'))}) {
    EXPECT_EQ(error_of(spoiled), JweError::malformed) << spoiled.substr(0, 60);
  }
}

// Attack JO-20: one spelling of each part.
TEST(Jwe, JO_20_base64url_is_strict) {
  const auto compact = encrypted_to(rsa(), KeyAlg::rsa_oaep_256, ContentEnc::a256gcm);
  const auto right = parts_of(compact);
  for (std::size_t part = 0; part < right.size(); ++part) {
    for (const auto* extra : {"=", "==", " ", "\n", "+", "/", "%3D"}) {
      auto parts = right;
      parts[part] += extra;
      EXPECT_EQ(error_of(test::joined(parts)), JweError::malformed) << part << extra;
    }
  }
  auto parts = right;  // 16 bytes of tag leave four bits over
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  parts[4].back() = kAlphabet[kAlphabet.find(parts[4].back()) + 1];
  EXPECT_EQ(error_of(test::joined(parts)), JweError::malformed);
}

TEST(Jwe, encrypted_key_has_no_place_in_direct_agreement) {
  const auto& p256 = recipients()[1];
  auto parts = parts_of(encrypted_to(p256, KeyAlg::ecdh_es, ContentEnc::a256gcm));
  EXPECT_EQ(parts[1], "");
  parts[1] = "AAAA";
  EXPECT_EQ(error_of(test::joined(parts), p256, KeyAlg::ecdh_es), JweError::failed);
}

// The invalid curve attack (RFC7516-11.4 has others of its kind): a point off the curve would tell
// the private key piece by piece.
TEST(Jwe, RFC7518_4_6_1_1_epk_must_be_a_sound_point) {
  for (const auto& to : recipients()) {
    if (!to.key().fits(KeyAlg::ecdh_es)) continue;
    const auto compact = encrypted_to(to, KeyAlg::ecdh_es, ContentEnc::a256gcm);
    const auto right = object(as_text(*base64url_decode(parts_of(compact)[0])));
    const auto spoiled = [&](auto&& spoil) {
      auto header = right;
      spoil(header, header.at("epk").as_object());
      const auto text = with_header(compact, boost::json::serialize(header));
      return error_of(text, to, KeyAlg::ecdh_es);
    };
    using Object = boost::json::object;
    const auto x = std::string(right.at("epk").at("x").as_string());
    const std::vector<std::function<void(Object&, Object&)>> rows{
        [](Object& header, Object&) { header.erase("epk"); },
        [](Object& header, Object&) { header["epk"] = "text"; },
        [](Object&, Object& epk) { epk.erase("x"); },
        [](Object&, Object& epk) { epk["kty"] = "RSA"; },
        [](Object&, Object& epk) { epk["crv"] = "secp256k1"; },
        [](Object&, Object& epk) { epk["d"] = "AAAA"; },
        [&](Object&, Object& epk) { epk["x"] = x + "AAAA"; },
        [&](Object&, Object& epk) { epk["x"] = x.substr(0, x.size() - 4); },
        [&](Object&, Object& epk) { epk["x"] = std::string(x.size(), 'A'); },  // zero
        [](Object& header, Object&) { header["apu"] = "="; },
        [](Object& header, Object&) { header["apu"] = 1; },
        [](Object& header, Object&) { header["apv"] = "A"; }};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(spoiled(rows[i]), JweError::bad_header) << to.name << ' ' << i;
    }
    if (!right.at("epk").as_object().contains("y")) continue;
    const auto off = [](Object&, Object& epk) { epk["y"] = epk["x"]; };
    EXPECT_EQ(spoiled(off), JweError::bad_header) << to.name;
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
}

// RFC7518-4.6.2: who the parties are is part of the key.
TEST(Jwe, RFC7518_4_6_2_parties_are_bound) {
  const auto key = *DecryptionKey::from_jwk(object(test::kPartiesKey));
  const std::string compact(test::kPartiesToken);
  auto header = object(as_text(*base64url_decode(parts_of(compact)[0])));
  EXPECT_EQ(json_text(header, "apu"), "QWxpY2U");
  header.erase("apu");
  const auto opened = decrypt_jwe(with_header(compact, boost::json::serialize(header)), key,
                                  KeyAlg::ecdh_es, ContentEnc::a256gcm);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(), JweError::failed);
}

TEST(JweError, has_words) {
  EXPECT_EQ(to_string(JweError::malformed), "malformed");
  EXPECT_EQ(to_string(JweError::failed), "failed");
}

}  // namespace
}  // namespace claviger::crypto
