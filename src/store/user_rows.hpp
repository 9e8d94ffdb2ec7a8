// Rows of users, for those who read one beside something else.
#pragma once
#include <string_view>

#include "model/user.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

// Without the password's hash: who is not checking a password has no business with it.
inline constexpr std::string_view kUserColumns =
    "sub, username, email, firstname, lastname, phone, disabled, epoch, created_at, updated_at, "
    "email_verified, phone_verified, claims";
inline constexpr std::size_t kUserColumnCount = 13;

User read_user(sql::Row& row, std::size_t first);

}  // namespace claviger::store
