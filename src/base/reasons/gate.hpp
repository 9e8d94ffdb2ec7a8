// Refusals of the subject gate: what ended since the grant was made. One text for all that ended;
// whose fault it was is nothing for the client.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason gate_user_gone{"gate.user_gone", ErrorCode::invalid_grant, "RFC6749-5.2",
                                       "the grant has ended", "the user was deleted"};
inline constexpr Reason gate_user_disabled{"gate.user_disabled", ErrorCode::invalid_grant,
                                           "RFC6749-5.2", "the grant has ended",
                                           "an operator disabled the user"};
inline constexpr Reason gate_user_epoch{
    "gate.user_epoch", ErrorCode::invalid_grant, "RFC6749-5.2", "the grant has ended",
    "the user was disabled or changed the password since; sign in again"};
inline constexpr Reason gate_client_gone{"gate.client_gone", ErrorCode::invalid_grant,
                                         "RFC6749-5.2", "the grant has ended",
                                         "the client was deleted"};
inline constexpr Reason gate_client_disabled{"gate.client_disabled", ErrorCode::invalid_grant,
                                             "RFC6749-5.2", "the grant has ended",
                                             "an operator disabled the client"};
inline constexpr Reason gate_client_epoch{
    "gate.client_epoch", ErrorCode::invalid_grant, "RFC6749-5.2", "the grant has ended",
    "what this client had been granted was ended since; sign in again"};
inline constexpr Reason gate_grant_type{"gate.grant_type", ErrorCode::unauthorized_client,
                                        "RFC6749-5.2", "this client may not use this grant type",
                                        "allow the grant type in the client record"};
inline constexpr Reason gate_consent_withdrawn{"gate.consent_withdrawn", ErrorCode::invalid_grant,
                                               "RFC6749-5.2", "the grant has ended",
                                               "the person withdrew the consent; ask for it again"};
inline constexpr Reason gate_session_ended{"gate.session_ended", ErrorCode::invalid_grant,
                                           "OAUTH21-4.3.3", "the grant has ended",
                                           "the person signed out; sign in again"};
inline constexpr Reason gate_acr_lost{
    "gate.acr_lost", ErrorCode::invalid_grant, "OIDCC-5.5.1.1", "the grant has ended",
    "the sign-in is not worth what the request had made a condition of; begin again"};

inline constexpr std::array kAllGate{
    &gate_user_gone,       &gate_user_disabled, &gate_user_epoch, &gate_client_gone,
    &gate_client_disabled, &gate_client_epoch,  &gate_grant_type, &gate_consent_withdrawn,
    &gate_session_ended,   &gate_acr_lost,
};

}  // namespace claviger::reason
