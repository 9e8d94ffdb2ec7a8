// A person who can sign in.
#pragma once
#include <cstdint>
#include <string>

#include "base/time.hpp"

namespace claviger {

struct User {
  std::string sub;       // random, 22 base64url characters, never reused
  std::string username;  // NFC; unique by its case-folded form
  std::string email;     // unique by its lower-case form; may be empty
  std::string firstname;
  std::string lastname;
  std::string phone;
  std::string password_hash;  // Argon2id PHC string; empty: no password login
  bool disabled = false;
  std::int64_t epoch = 0;  // raised by disabling and by every change of credentials
  Time created_at{};
};

}  // namespace claviger
