// A person who can sign in.
#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <memory>
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
  Time updated_at{};  // of anything a claim tells; the claim `updated_at`
  bool email_verified = false;
  bool phone_verified = false;
  // The standard claims that no member above holds, by their names and with their JSON types
  // (OIDCC-5.1): name, middle_name, nickname, profile, picture, website, gender, birthdate,
  // zoneinfo, locale, address.
  boost::json::object claims;
};

// As it was read: whoever judges or tells of the person shares the one record.
using SharedUser = std::shared_ptr<const User>;

}  // namespace claviger
