#include "crypto/password_hash.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <string>

namespace claviger::crypto {
namespace {

// The library's floor, so that tests are quick.
constexpr PasswordCost kFloor{1, 8 * 1024};

TEST(PasswordHash, is_an_argon2id_phc_string) {
  const auto hash = hash_password(Secret("correct horse"), kFloor);
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << hash;
  EXPECT_NE(hash, hash_password(Secret("correct horse"), kFloor));  // salted
}

TEST(PasswordHash, verifies_that_password_alone) {
  const auto hash = hash_password(Secret("correct horse"), kFloor);
  EXPECT_TRUE(verify_password(hash, Secret("correct horse")));
  EXPECT_FALSE(verify_password(hash, Secret("correct horsf")));
  EXPECT_FALSE(verify_password(hash, Secret("correct hors")));
  EXPECT_FALSE(verify_password(hash, Secret("correct horse ")));
  EXPECT_FALSE(verify_password(hash, Secret("")));
}

// Nothing is cut: neither at 72 bytes, as bcrypt does, nor at a NUL.
TEST(PasswordHash, every_byte_counts) {
  const std::string long_one(1024, 'x');
  const auto hash = hash_password(Secret(long_one), kFloor);
  EXPECT_TRUE(verify_password(hash, Secret(long_one)));
  EXPECT_FALSE(verify_password(hash, Secret(long_one.substr(1))));
  const std::string_view with_nul("a\0b", 3);
  EXPECT_FALSE(verify_password(hash_password(Secret(with_nul), kFloor), Secret("a")));
}

// Made by the reference implementation of RFC9106: ours are to be read elsewhere, and theirs here.
TEST(PasswordHash, RFC9106_reference_string_is_understood) {
  constexpr std::string_view kReference =
      "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  EXPECT_TRUE(verify_password(kReference, Secret("password")));
  EXPECT_FALSE(verify_password(kReference, Secret("Password")));
}

TEST(PasswordHash, no_other_text_is_a_hash) {
  for (const std::string_view text :
       {"", "password", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=x,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        // What it would cost is decided here, not by whoever wrote the row.
        "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCH",
        "$argon2id$v=19$m=256,t=4294967295,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1b"}) {
    EXPECT_FALSE(verify_password(text, Secret("password"))) << text;
    EXPECT_TRUE(needs_rehash(text, kFloor)) << text;
  }
  EXPECT_FALSE(verify_password("$argon2id$v=19$m=8,t=1,p=1$", Secret("password")));
  EXPECT_FALSE(verify_password(std::string(4000, '$'), Secret("password")));
}

TEST(PasswordHash, rehash_when_the_cost_differs) {
  const auto hash = hash_password(Secret("x"), kFloor);
  EXPECT_FALSE(needs_rehash(hash, kFloor));
  EXPECT_TRUE(needs_rehash(hash, {2, kFloor.memory_bytes}));
  EXPECT_TRUE(needs_rehash(hash, {1, 16 * 1024}));
  EXPECT_TRUE(needs_rehash(hash, PasswordCost{}));
}

// Attack PW-02: an unknown user costs what a known one does.
TEST(PasswordHash, PW_02_decoy_costs_the_same) {
  const auto decoy = decoy_hash(kFloor);
  const auto real = hash_password(Secret("x"), kFloor);
  EXPECT_EQ(decoy.size(), real.size());
  EXPECT_TRUE(decoy.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
  EXPECT_FALSE(needs_rehash(decoy, kFloor));
  // Read to its end, or the verification would fail before it has cost anything.
  const auto memory = static_cast<std::size_t>(kFloor.memory_bytes);
  EXPECT_EQ(crypto_pwhash_str_needs_rehash(decoy.c_str(), kFloor.iterations, memory), 0);
  EXPECT_EQ(crypto_pwhash_str_needs_rehash("$argon2id$v=19$m=8,t=1,p=1$AAAA$A", 1, memory), -1);
  EXPECT_NE(decoy, decoy_hash(kFloor));
  EXPECT_FALSE(verify_password(decoy, Secret("")));
}

}  // namespace
}  // namespace claviger::crypto
