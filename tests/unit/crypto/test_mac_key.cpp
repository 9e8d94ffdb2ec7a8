#include "crypto/mac_key.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "crypto/digest.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace claviger::crypto {
namespace {

using test::from_hex;

Bytes bytes(const Digest& digest) { return Bytes(digest.begin(), digest.end()); }

// RFC4231-4.2: and the second time as the first.
TEST(MacKey, makes_the_same_of_the_same_as_often_as_it_is_asked) {
  const MacKey key(Bytes(20, 0x0b));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(bytes(key.mac(as_bytes("Hi There"))),
              from_hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    EXPECT_EQ(key.mac({}), hmac_sha256(Bytes(20, 0x0b), {}));
  }
}

TEST(MacKey, is_hmac_under_keys_of_any_length) {
  for (const std::size_t length : {0uz, 1uz, 32uz, 63uz, 64uz, 65uz, 131uz}) {
    const Bytes secret(length, 0xaa);
    EXPECT_EQ(MacKey(secret).mac(as_bytes("data")), hmac_sha256(secret, as_bytes("data")))
        << length;
  }
}

// One thread keeps contexts of many keys: none may answer for another, in whatever order they are
// asked, nor one that is gone for the one that came in its place.
TEST(MacKey, answers_for_itself_alone) {
  const auto secret = [](int i) { return Bytes(32, static_cast<std::uint8_t>(i)); };
  const auto data = as_bytes("data");
  std::vector<MacKey> keys;
  for (int i = 0; i < 80; ++i) keys.emplace_back(secret(i));
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 80; ++i) {
      EXPECT_EQ(keys[static_cast<std::size_t>(i)].mac(data), hmac_sha256(secret(i), data)) << i;
    }
  }
  std::optional<MacKey> replaced;
  for (int i = 0; i < 80; ++i) {
    replaced.emplace(secret(i));
    EXPECT_EQ(replaced->mac(data), hmac_sha256(secret(i), data)) << i;
  }
}

TEST(MacKey, serves_threads_at_once) {
  const MacKey key(Bytes(32, 7));
  const auto right = hmac_sha256(Bytes(32, 7), as_bytes("data"));
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j) wrong += key.mac(as_bytes("data")) != right;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace claviger::crypto
