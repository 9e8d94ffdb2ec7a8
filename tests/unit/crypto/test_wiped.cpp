// Attack JO-31: a key or a text left in memory that was given back.
#include "crypto/wiped.hpp"

#include <gtest/gtest.h>
#include <malloc.h>
#include <string.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "base/base64url.hpp"
#include "crypto/jwe.hpp"
#include "tests/unit/crypto/recipients.hpp"

namespace {

// Every block of heap that is given back while a test looks is searched for these 31 bytes.
constexpr std::string_view kSecret = "orrect-horse-battery-staple-012";
thread_local int leaks = -1;  // below zero: nobody looks

void give_back(void* block) noexcept {
  if (block && leaks >= 0) {
    if (memmem(block, malloc_usable_size(block), kSecret.data(), kSecret.size())) ++leaks;
  }
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* block = std::malloc(size ? size : 1)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t) noexcept { give_back(block); }

namespace claviger::crypto {
namespace {

using test::recipients;

class Looking {
 public:
  Looking() { leaks = 0; }
  ~Looking() { leaks = -1; }
  int found() const { return leaks; }
};

// 32 bytes: as long as a content key of A256GCM and a scalar of X25519.
Bytes secret_bytes() {
  Bytes out{'C'};
  out.insert(out.end(), kSecret.begin(), kSecret.end());
  return out;
}

// Content keys that the test knows.
class Known final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    std::ranges::fill(out, std::uint8_t{0});
    if (out.size() != 32) return;
    out.front() = 'C';
    std::ranges::copy(kSecret, out.begin() + 1);
  }
};

TEST(Wiped, JO_31_the_test_sees_plain_bytes) {
  const Looking looking;
  {
    const auto plain = secret_bytes();
  }
  EXPECT_EQ(looking.found(), 1);
}

TEST(Wiped, JO_31_wiped_when_destroyed_and_when_moved) {
  const Looking looking;
  {
    Wiped first(secret_bytes());
    Wiped second(std::move(first));
    first = Wiped(secret_bytes());
    second = std::move(first);
    EXPECT_EQ(second.size(), 32u);
  }
  EXPECT_EQ(looking.found(), 0);
}

TEST(Wiped, JO_31_content_key_of_a_message) {
  Known random;
  for (const auto alg : {KeyAlg::rsa_oaep_256, KeyAlg::ecdh_es_a256kw}) {
    const auto& to = recipients()[alg == KeyAlg::rsa_oaep_256 ? 0 : 1];
    for (const auto enc : {ContentEnc::a256gcm, ContentEnc::a128cbc_hs256}) {
      const Looking looking;
      const auto compact = encrypt_jwe(to.key(), alg, enc, "JWT", "plain", random);
      EXPECT_TRUE(decrypt_jwe(compact, to.own(), alg, enc));
      EXPECT_EQ(looking.found(), 0) << to_string(alg) << to_string(enc);
    }
  }
}

TEST(Wiped, JO_31_text_of_a_message) {
  Known random;
  const auto& to = recipients()[1];
  for (const auto enc : kAllContentEncs) {
    const auto compact = encrypt_jwe(to.key(), KeyAlg::ecdh_es, enc, "", kSecret, random);
    const Looking looking;
    EXPECT_TRUE(decrypt_jwe(compact, to.own(), KeyAlg::ecdh_es, enc));
    EXPECT_EQ(looking.found(), 0) << to_string(enc);
  }
}

TEST(Wiped, JO_31_private_key_that_was_read) {
  const auto d = secret_bytes();
  const Pkey key(EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", nullptr, d.data(), d.size()));
  auto jwk = write_point(Curve::x25519, key.get());
  jwk["d"] = base64url_encode(d);
  const Looking looking;
  EXPECT_TRUE(DecryptionKey::from_jwk(jwk));
  jwk["x"] = "AAAA";
  EXPECT_FALSE(DecryptionKey::from_jwk(jwk));
  EXPECT_EQ(looking.found(), 0);
}

}  // namespace
}  // namespace claviger::crypto
