// Forged and misshapen signatures, one row each.
#include <gtest/gtest.h>
#include <openssl/rsa.h>

#include <string>
#include <vector>

#include "crypto/digest.hpp"
#include "crypto/ecdsa_signature.hpp"
#include "crypto/key.hpp"
#include "crypto/openssl.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace claviger::crypto {
namespace {

using test::from_hex;

constexpr std::string_view kMessage = "message";
const std::string kOrder = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const std::string kOrderLess1 = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
const std::string kZero(64, '0');
const std::string kOne = std::string(63, '0') + "1";
const std::string kMost(64, 'f');

// Attack JO-07 (CVE-2022-21449): r and s lie in [1, n-1], whatever the library below thinks.
TEST(EcdsaSignature, JO_07_range) {
  for (const auto& [r, s] : std::vector<std::pair<std::string, std::string>>{{kZero, kZero},
                                                                             {kZero, kOne},
                                                                             {kOne, kZero},
                                                                             {kOrder, kOne},
                                                                             {kOne, kOrder},
                                                                             {kOrder, kOrder},
                                                                             {kMost, kOne},
                                                                             {kOne, kMost},
                                                                             {kZero, kOrder}}) {
    EXPECT_FALSE(ecdsa_der_from_raw(from_hex(r + s))) << r << ' ' << s;
  }
  for (const auto& [r, s] : std::vector<std::pair<std::string, std::string>>{
           {kOne, kOne}, {kOrderLess1, kOrderLess1}, {kOne, kOrderLess1}}) {
    const auto der = ecdsa_der_from_raw(from_hex(r + s));
    ASSERT_TRUE(der) << r << ' ' << s;
    EXPECT_EQ(ecdsa_raw_from_der(*der), from_hex(r + s));
  }
}

// Attack JO-07, JO-08: exactly 64 bytes (RFC7518-3.4), looked at before anything is converted.
TEST(EcdsaSignature, JO_08_length) {
  const auto key = PrivateKey::generate(Alg::ES256);
  const auto half = key.public_key();
  const auto right = key.sign(kMessage);
  ASSERT_TRUE(half.verify(kMessage, right));
  for (const std::size_t length : {0u, 1u, 32u, 63u, 65u, 72u, 96u, 132u, 1000u, 65536u}) {
    auto spoiled = right;
    spoiled.resize(length);
    EXPECT_FALSE(half.verify(kMessage, spoiled)) << length;
    EXPECT_FALSE(half.verify(kMessage, Bytes(length, 0xff))) << length;
  }
  auto shifted = right;
  shifted.insert(shifted.begin(), 0);  // the same number, one byte wider
  EXPECT_FALSE(half.verify(kMessage, shifted));
}

TEST(EcdsaSignature, JO_07_der_on_the_wire) {
  const auto key = PrivateKey::generate(Alg::ES256);
  const auto der = *ecdsa_der_from_raw(key.sign(kMessage));
  EXPECT_FALSE(key.public_key().verify(kMessage, der));
}

TEST(EcdsaSignature, raw_form_keeps_leading_zeros) {
  const auto der = from_hex("3006020101020102");
  EXPECT_EQ(ecdsa_raw_from_der(der), from_hex(kOne + std::string(63, '0') + "2"));
}

const std::string kDigestInfo = "3031300d060960864801650304020105000420";

Pkey openssl_key(const PrivateKey& key) {
  const auto der = key.pkcs8();
  const auto* in = as_bytes(der.reveal()).data();
  return Pkey(d2i_PrivateKey(EVP_PKEY_RSA, nullptr, &in, static_cast<long>(der.size())));
}

// Signs `block` as it is: whoever holds a key, or finds a key with e=3, can do that.
Bytes raw_rsa(EVP_PKEY* key, const Bytes& block) {
  const PkeyCtx ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  Bytes out(256);
  std::size_t length = out.size();
  EXPECT_EQ(EVP_PKEY_sign_init(ctx.get()), 1);
  EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(ctx.get(), RSA_NO_PADDING), 1);
  EXPECT_EQ(EVP_PKEY_sign(ctx.get(), out.data(), &length, block.data(), block.size()), 1);
  return out;
}

Bytes block_of(std::string_view head, std::size_t filler, const std::string& info, Bytes digest,
               std::size_t garbage = 0, std::uint8_t fill = 0xff) {
  auto block = from_hex(head);
  block.insert(block.end(), filler, fill);
  block.push_back(0);
  const auto middle = from_hex(info);
  block.insert(block.end(), middle.begin(), middle.end());
  block.insert(block.end(), digest.begin(), digest.end());
  block.insert(block.end(), garbage, 0x42);
  EXPECT_EQ(block.size(), 256u);
  return block;
}

// Attack JO-11: only the one padding of RFC8017-9.2 counts.
TEST(RsaSignature, JO_11_padding_variants) {
  const auto key = PrivateKey::generate(Alg::RS256);
  const auto half = key.public_key();
  const auto pkey = openssl_key(key);
  ASSERT_TRUE(pkey);
  const auto made = sha256(kMessage);
  const Bytes digest(made.begin(), made.end());
  const auto verified = [&](const Bytes& block) {
    return half.verify(kMessage, raw_rsa(pkey.get(), block));
  };
  EXPECT_TRUE(verified(block_of("0001", 202, kDigestInfo, digest)));  // made by hand, right
  EXPECT_FALSE(verified(block_of("0002", 202, kDigestInfo, digest)));
  EXPECT_FALSE(verified(block_of("0001", 202, kDigestInfo, digest, 0, 0xfe)));
  EXPECT_FALSE(verified(block_of("0001", 8, kDigestInfo, digest, 194)));  // Bleichenbacher 2006
  EXPECT_FALSE(verified(block_of("0001", 100, kDigestInfo, digest, 102)));
  const std::string no_null =
      "302f300b0609608648016503040201"
      "0420";
  EXPECT_FALSE(verified(block_of("0001", 204, no_null, digest)));
  const std::string long_length = "308131300d060960864801650304020105000420";
  EXPECT_FALSE(verified(block_of("0001", 201, long_length, digest)));
  EXPECT_FALSE(verified(block_of("0001", 221, "", digest)));  // no DigestInfo at all
  const std::string sha1 = "3021300906052b0e03021a05000414";
  EXPECT_FALSE(verified(block_of("0001", 218, sha1, Bytes(digest.begin(), digest.begin() + 20))));
}

// RFC7518-3.5: the salt of PS256 is as long as the digest, neither shorter nor whatever fits.
TEST(RsaSignature, RFC7518_3_5_salt_length) {
  const auto key = PrivateKey::generate(Alg::PS256);
  const auto pkey = openssl_key(key);
  const auto digest = sha256(kMessage);
  const auto verified_with_salt = [&](int salt) {
    const PkeyCtx ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey.get(), nullptr));
    Bytes out(256);
    std::size_t length = out.size();
    EXPECT_EQ(EVP_PKEY_sign_init(ctx.get()), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(ctx.get(), RSA_PKCS1_PSS_PADDING), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx.get(), salt), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_signature_md(ctx.get(), EVP_sha256()), 1);
    EXPECT_EQ(EVP_PKEY_sign(ctx.get(), out.data(), &length, digest.data(), digest.size()), 1);
    return key.public_key().verify(kMessage, out);
  };
  EXPECT_TRUE(verified_with_salt(32));
  EXPECT_FALSE(verified_with_salt(0));
  EXPECT_FALSE(verified_with_salt(20));
  EXPECT_FALSE(verified_with_salt(RSA_PSS_SALTLEN_MAX));
}

TEST(RsaSignature, length_is_that_of_the_modulus) {
  const auto key = PrivateKey::generate(Alg::RS256);
  const auto half = key.public_key();
  auto signature = key.sign(kMessage);
  ASSERT_TRUE(half.verify(kMessage, signature));
  EXPECT_FALSE(half.verify(kMessage, ByteView(signature).first(255)));
  EXPECT_FALSE(half.verify(kMessage, {}));
  signature.push_back(0);
  EXPECT_FALSE(half.verify(kMessage, signature));
  EXPECT_FALSE(half.verify(kMessage, Bytes(256, 0)));
  EXPECT_FALSE(half.verify(kMessage, Bytes(256, 0xff)));
  EXPECT_EQ(ERR_peek_error(), 0u);
}

}  // namespace
}  // namespace claviger::crypto
