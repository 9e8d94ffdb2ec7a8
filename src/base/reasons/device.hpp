// Refusals of a client's own tokens, and of devices that wait for a person.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason client_credentials_public{
    "client_credentials.public", ErrorCode::unauthorized_client, "RFC6749-4.4",
    "only a client that can prove who it is may have tokens of its own",
    "register the client with a secret or a key"};
inline constexpr Reason grant_no_scope_left{
    "grant.no_scope_left", ErrorCode::invalid_scope, "RFC6749-3.3",
    "this client may have none of the scopes that it asks for",
    "ask for scopes that the client is registered for; openid and offline_access belong to people"};
inline constexpr Reason device_code_missing{"device.code_missing", ErrorCode::invalid_request,
                                            "RFC8628-3.4", "the parameter device_code is missing",
                                            "send the device_code of /device_authorization"};
inline constexpr Reason device_code_unknown{
    "device.code_unknown", ErrorCode::invalid_grant, "RFC8628-3.4", "the device code is not valid",
    "send the device_code exactly as it came, as the client that asked for it"};
inline constexpr Reason device_code_other_client{
    "device.code_other_client", ErrorCode::invalid_grant, "RFC8628-3.4",
    "the device code is not valid", "the device code was issued to another client"};
inline constexpr Reason device_code_other_epoch{
    "device.code_other_epoch", ErrorCode::invalid_grant, "RFC8628-3.4",
    "the device code is not valid",
    "the device code is from before the data was restored; begin again"};
inline constexpr Reason device_code_used{
    "device.code_used", ErrorCode::invalid_grant, "RFC8628-3.4", "the device code was used already",
    "stop polling after the tokens have come; keep the refresh_token"};
inline constexpr Reason device_expired{"device.expired", ErrorCode::expired_token, "RFC8628-3.5",
                                       "the device code has expired",
                                       "ask for a new one, and show its user_code"};
inline constexpr Reason device_denied{"device.denied", ErrorCode::access_denied, "RFC8628-3.5",
                                      "the person refused", "stop polling"};
inline constexpr Reason device_pending{"device.pending", ErrorCode::authorization_pending,
                                       "RFC8628-3.5", "nobody has answered yet",
                                       "ask again after the interval"};
inline constexpr Reason device_slow_down{"device.slow_down", ErrorCode::slow_down, "RFC8628-3.5",
                                         "asked before the interval was over",
                                         "add five seconds to the interval, and keep it"};
inline constexpr Reason device_csrf{"device.csrf", ErrorCode::forbidden, "RFC8628-5.4",
                                    "the form does not belong to this browser session",
                                    "open the page of the device again"};
inline constexpr Reason device_user_code{"device.user_code", ErrorCode::not_found, "RFC8628-3.3",
                                         "no device waits under this code",
                                         "type the code that the device shows, within its time"};
inline constexpr Reason device_throttled{"device.throttled", ErrorCode::too_many_requests,
                                         "RFC8628-5.1", "too many codes were tried",
                                         "wait, then type the code that the device shows"};

inline constexpr std::array kAllDevice{
    &client_credentials_public,
    &grant_no_scope_left,
    &device_code_missing,
    &device_code_unknown,
    &device_code_other_client,
    &device_code_other_epoch,
    &device_code_used,
    &device_expired,
    &device_denied,
    &device_pending,
    &device_slow_down,
    &device_csrf,
    &device_user_code,
    &device_throttled,
};

}  // namespace claviger::reason
