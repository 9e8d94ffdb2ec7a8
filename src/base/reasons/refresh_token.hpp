// Refusals of refresh tokens.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason refresh_malformed{"refresh.malformed", ErrorCode::invalid_grant,
                                          "RFC6749-5.2", "the refresh token is not valid",
                                          "send the refresh_token of the last answer, all of it"};
inline constexpr Reason refresh_unknown{"refresh.unknown", ErrorCode::invalid_grant, "RFC6749-5.2",
                                        "the refresh token is not valid",
                                        "its grant is gone; sign in again"};
inline constexpr Reason refresh_other_client{"refresh.other_client", ErrorCode::invalid_grant,
                                             "RFC6749-6", "the refresh token is not valid",
                                             "the token was issued to another client"};
inline constexpr Reason refresh_revoked{"refresh.revoked", ErrorCode::invalid_grant, "RFC6749-5.2",
                                        "the refresh token was revoked", "sign in again"};
inline constexpr Reason refresh_expired{"refresh.expired", ErrorCode::invalid_grant,
                                        "OAUTH21-4.3.3", "the refresh token has expired",
                                        "sign in again"};
inline constexpr Reason refresh_late_retry{
    "refresh.late_retry", ErrorCode::invalid_grant, "RFC9700-4.14.2",
    "the refresh token was replaced, and its time for a retry is over",
    "keep the new refresh_token of every answer; this family is revoked now, sign in again"};
inline constexpr Reason refresh_reuse{
    "refresh.reuse", ErrorCode::invalid_grant, "RFC9700-4.14.2",
    "the refresh token was used already",
    "an old token came back: perhaps it was stolen; this family is revoked now, sign in again"};
inline constexpr Reason refresh_from_future{
    "refresh.from_future", ErrorCode::invalid_grant, "RFC9700-4.14.2",
    "the refresh token is not valid",
    "the token is newer than the data: was a backup restored without claviger store new-epoch?"};
inline constexpr Reason refresh_lost{
    "refresh.lost_in_restore", ErrorCode::invalid_grant, "RFC9700-4.14.2",
    "the refresh token is not valid",
    "it is newer than the restored data: one refresh may be missing, for a day; sign in again"};
inline constexpr Reason refresh_scope_widened{
    "refresh.scope_widened", ErrorCode::invalid_scope, "RFC6749-6",
    "a refresh may not add to the scope that was granted",
    "leave scope out, or ask for a part of what was granted"};
inline constexpr Reason refresh_offline_gone{
    "refresh.offline_gone", ErrorCode::invalid_grant, "OIDCC-11", "the refresh token was revoked",
    "the client may no longer have the scope offline_access"};

inline constexpr std::array kAllRefreshToken{
    &refresh_malformed,   &refresh_unknown, &refresh_other_client,  &refresh_offline_gone,
    &refresh_revoked,     &refresh_expired, &refresh_late_retry,    &refresh_reuse,
    &refresh_from_future, &refresh_lost,    &refresh_scope_widened,
};

}  // namespace claviger::reason
