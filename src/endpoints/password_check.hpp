// One password against one login name: throttled durably, hashed on the hashing threads, and the
// same work and the same answer whether the person exists or not (PW-01, PW-02).
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "base/secret.hpp"
#include "endpoints/deps.hpp"
#include "model/user.hpp"

namespace claviger::endpoints {

struct Wait {
  std::chrono::seconds seconds;
};  // too many failures: not even tried
struct Busy {};  // the hashing queue is full
struct WrongPassword {
  Error error;
};  // the cause is for the log alone
using PasswordCheck = std::variant<User, WrongPassword, Wait, Busy>;

Task<PasswordCheck> check_password(const Deps& deps, std::string login, Secret password,
                                   std::string source);

}  // namespace claviger::endpoints
