// Refusals at sign-in. What the person sees is the same for each of them, so that nobody learns
// which accounts exist (PW-01); the id tells the operator which it was.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr std::string_view kLoginFailed =
    "the user name or the password is not right, or it must wait after too many attempts";

inline constexpr Reason login_incomplete{"login.incomplete", ErrorCode::login_failed,
                                         "OIDCC-3.1.2.3", kLoginFailed,
                                         "fill in both the user name and the password"};
inline constexpr Reason login_unknown_user{"login.unknown_user", ErrorCode::login_failed,
                                           "OIDCC-3.1.2.3", kLoginFailed,
                                           "no user has this user name or email"};
inline constexpr Reason login_wrong_password{"login.wrong_password", ErrorCode::login_failed,
                                             "OIDCC-3.1.2.3", kLoginFailed,
                                             "the password is another one"};
inline constexpr Reason login_no_password{"login.no_password", ErrorCode::login_failed,
                                          "OIDCC-3.1.2.3", kLoginFailed,
                                          "this user has no password: set one with "
                                          "claviger user passwd"};
inline constexpr Reason login_user_disabled{"login.user_disabled", ErrorCode::login_failed,
                                            "OIDCC-3.1.2.3", kLoginFailed,
                                            "an operator disabled this user; enable it with "
                                            "claviger user enable"};
inline constexpr Reason login_throttled{"login.throttled", ErrorCode::login_failed, "OIDCC-3.1.2.3",
                                        kLoginFailed,
                                        "wait: each further failure doubles the pause"};
inline constexpr Reason login_cancelled{"login.cancelled", ErrorCode::access_denied,
                                        "RFC6749-4.1.2.1", "the person declined to sign in",
                                        "nothing to mend: a person decided"};

inline constexpr std::array kAllLogin{
    &login_incomplete,    &login_unknown_user, &login_wrong_password, &login_no_password,
    &login_user_disabled, &login_throttled,    &login_cancelled,
};

}  // namespace claviger::reason
