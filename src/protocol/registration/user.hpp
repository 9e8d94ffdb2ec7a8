// Registration of a person (the seed's call): names, normal forms, password rules (PW-04, PW-05,
// PW-15).
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "base/reason.hpp"
#include "base/secret.hpp"
#include "model/user.hpp"

namespace claviger::protocol {

struct UserRegistration {
  User user;  // sub, password_hash, epoch left empty
  Secret password;
};

Result<UserRegistration> parse_user_registration(const Form& form);
// The seed's names, and those of the standard claims: what people say of themselves, so that
// nothing of it is verified (RM-06).
Result<UserRegistration> parse_user_registration(const boost::json::value& json);
// Forms of user name, email, phone and names: every rule on the record but for the password.
Result<void> judge_user_record(const User& user);
// That, and the password: 12 to 1024 bytes after NFC, not among the commonest, not the user's own
// name.
Result<void> judge_user_registration(const UserRegistration& registration);

// The same person with the same details? The password is compared by the caller.
bool same_registration(const User& stored, const UserRegistration& asked);

// NFC and case folding (ICU), the key under which names are unique. Nothing: not valid UTF-8,
// empty, too long, or with control or bidirectional formatting characters.
std::optional<std::string> fold_username(std::string_view name);
std::string fold_email(std::string_view email);
// A password as it is hashed: NFC, no trimming. Nothing: NUL, invalid UTF-8 or outside 1..1024
// bytes.
std::optional<Secret> normalise_password(const Secret& password);

}  // namespace claviger::protocol
