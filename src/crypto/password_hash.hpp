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
// A hash of no password at these costs: an unknown user costs exactly one verification of this
// (PW-02).
const std::string& decoy_hash(PasswordCost cost);

}  // namespace claviger::crypto
