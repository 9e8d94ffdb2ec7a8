#include "crypto/digest.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>

#include "crypto/system_random.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace claviger::crypto {
namespace {

using test::from_hex;

template <class T>
Bytes bytes(const T& digest) {
  return Bytes(digest.begin(), digest.end());
}

TEST(Digest, sha256_vectors_of_fips_180) {
  EXPECT_EQ(bytes(sha256("")),
            from_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  EXPECT_EQ(bytes(sha256("abc")),
            from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

TEST(Digest, sha512_vector_of_fips_180) {
  EXPECT_EQ(bytes(sha512("abc")),
            from_hex("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"));
}

// RFC4231-4.2, RFC4231-4.3
TEST(Digest, hmac_vectors) {
  EXPECT_EQ(bytes(hmac_sha256(Bytes(20, 0x0b), as_bytes("Hi There"))),
            from_hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
  EXPECT_EQ(bytes(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
            from_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
  EXPECT_EQ(bytes(hmac_sha512(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
            from_hex("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                     "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"));
}

// The kept context must not fall back on the key of the call before.
TEST(Digest, hmac_with_an_empty_key_uses_an_empty_key) {
  (void)hmac_sha256(as_bytes("key of somebody else"), as_bytes("x"));
  EXPECT_EQ(bytes(hmac_sha256({}, {})),
            from_hex("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
}

TEST(Digest, constant_time_equal_wants_length_and_content) {
  const Bytes a{1, 2, 3};
  EXPECT_TRUE(constant_time_equal(a, Bytes{1, 2, 3}));
  EXPECT_FALSE(constant_time_equal(a, Bytes{1, 2, 4}));
  EXPECT_FALSE(constant_time_equal(a, Bytes{1, 2}));
  EXPECT_FALSE(constant_time_equal(a, {}));
  EXPECT_TRUE(constant_time_equal({}, {}));
}

class Zeros final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, std::uint8_t{0}); }
};

SealingKey key_of(std::uint8_t byte) { return *SealingKey::from_bytes(Bytes(32, byte)); }

// Test case 14 of the paper that defines GCM.
TEST(SealingKey, is_aes_256_gcm) {
  Zeros zeros;
  const auto sealed = key_of(0).seal(Bytes(16, 0), "", zeros);
  EXPECT_EQ(sealed, from_hex("000000000000000000000000cea7403d4d606b6e074ec5d3baf39d18"
                             "d0d1c8a799996bf0265b98b5d48ab919"));
}

TEST(SealingKey, opens_what_it_sealed) {
  claviger::test::ScriptedRandom random;
  for (const std::string_view plain :
       {std::string_view(), std::string_view("a\0b", 3), std::string_view("a private key, say")}) {
    const auto sealed = key_of(7).seal(as_bytes(plain), "kid|signing", random);
    EXPECT_EQ(sealed.size(), 12 + plain.size() + 16);
    const auto opened = key_of(7).open(sealed, "kid|signing");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->reveal(), plain);
  }
}

// Attack JO-16: a truncated tag or nonce, a single bit, another place.
TEST(SealingKey, JO_16_refuses_whatever_was_changed) {
  claviger::test::ScriptedRandom random;
  const auto key = key_of(7);
  const auto sealed = key.seal(as_bytes("plain"), "kid|signing", random);
  ASSERT_TRUE(key.open(sealed, "kid|signing"));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto spoiled = sealed;
    spoiled[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_FALSE(key.open(spoiled, "kid|signing")) << bit;
  }
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_FALSE(key.open(ByteView(sealed).first(length), "kid|signing")) << length;
  }
  EXPECT_FALSE(key.open(sealed, "kid|refresh_mac"));
  EXPECT_FALSE(key.open(sealed, ""));
  EXPECT_FALSE(key_of(8).open(sealed, "kid|signing"));
  EXPECT_TRUE(key.open(sealed, "kid|signing"));
}

TEST(SealingKey, never_uses_a_nonce_twice) {
  SystemRandom random;
  std::set<Bytes> nonces;
  for (int i = 0; i < 100; ++i) {
    const auto sealed = key_of(7).seal(as_bytes("plain"), "", random);
    nonces.emplace(sealed.begin(), sealed.begin() + 12);
  }
  EXPECT_EQ(nonces.size(), 100u);
}

TEST(SealingKey, has_32_bytes) {
  EXPECT_FALSE(SealingKey::from_bytes(Bytes(31)));
  EXPECT_FALSE(SealingKey::from_bytes(Bytes(33)));
  EXPECT_FALSE(SealingKey::from_bytes({}));
}

// RFC5869-2, without salt; the expected bytes were computed from HMAC by hand.
TEST(SealingKey, derives_one_key_for_each_purpose) {
  Bytes master(32);
  for (std::size_t i = 0; i < master.size(); ++i) master[i] = static_cast<std::uint8_t>(i);
  const auto key = *SealingKey::from_bytes(master);
  EXPECT_EQ(bytes(key.derive("claviger test")),
            from_hex("3942b47cf4e95bda6af8af3313a143284f33da5accb93d17fcb880c20d23de2b"));
  EXPECT_NE(key.derive("a"), key.derive("b"));
  EXPECT_EQ(key.derive(""), key.derive(""));
}

TEST(SystemRandom, fills_every_byte) {
  SystemRandom random;
  std::array<std::uint8_t, 32> seen{};
  for (int i = 0; i < 64; ++i) {
    const auto fresh = random.bytes<32>();
    for (std::size_t j = 0; j < fresh.size(); ++j) seen[j] |= fresh[j];
  }
  EXPECT_EQ(std::ranges::count(seen, 0), 0);
  EXPECT_NE(random.bytes<32>(), random.bytes<32>());
  random.fill({});
}

// Over several stocks of it, whatever a call takes and whichever thread calls.
TEST(SystemRandom, never_hands_out_the_same_twice) {
  const auto take_many = [](std::set<Bytes>& seen) {
    SystemRandom random;
    for (const std::size_t size : {16uz, 10uz, 32uz, 200uz, 16uz, 600uz, 255uz, 16uz}) {
      for (int i = 0; i < 100; ++i) {
        Bytes fresh(size);
        random.fill(fresh);
        for (std::size_t at = 0; at + 8 <= size; at += 8) {
          seen.emplace(fresh.begin() + static_cast<std::ptrdiff_t>(at),
                       fresh.begin() + static_cast<std::ptrdiff_t>(at) + 8);
        }
      }
    }
  };
  std::set<Bytes> here;
  std::set<Bytes> there;
  std::thread other([&] { take_many(there); });
  take_many(here);
  other.join();
  constexpr std::size_t kTaken = 100 * (2 + 1 + 4 + 25 + 2 + 75 + 31 + 2);
  EXPECT_EQ(here.size(), kTaken);
  here.merge(there);
  EXPECT_EQ(here.size(), 2 * kTaken);
}

// Attack KY-01: a generator that was copied by fork() must not repeat itself.
TEST(SystemRandom, KY_01_differs_after_a_fork) {
  SystemRandom random;
  (void)random.bytes<32>();
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const auto child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto theirs = random.bytes<32>();
    _exit(write(ends[1], theirs.data(), theirs.size()) == 32 ? 0 : 1);
  }
  const auto ours = random.bytes<32>();
  std::array<std::uint8_t, 32> theirs{};
  ASSERT_EQ(read(ends[0], theirs.data(), theirs.size()), 32);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_NE(ours, theirs);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace claviger::crypto
