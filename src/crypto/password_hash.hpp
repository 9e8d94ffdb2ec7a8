// Argon2id through libsodium (RFC9106), as PHC strings. Hashing takes some 50 ms and 46 MiB: never
// on an I/O thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace claviger::crypto {

struct PasswordCost {
  std::uint64_t iterations = 1;
  std::uint64_t memory_bytes = 46ull * 1024 * 1024;
};

std::string hash_password(const Secret& password, PasswordCost cost);
// False too for a string that is no Argon2id hash. Constant time in the comparison.
bool verify_password(std::string_view phc, const Secret& password);
bool needs_rehash(std::string_view phc, PasswordCost cost);
// What a hash at these costs looks like, of random bytes that no password gives: an unknown user
// costs exactly one verification of this (PW-02). Not hashed itself: that took 46 MiB and half of
// the time that a server needs to start.
std::string decoy_hash(PasswordCost cost);

}  // namespace claviger::crypto
