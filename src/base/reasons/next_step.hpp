// Why an authorization request goes no further: the sign-in isn't what it demands, the person said
// no, or it was left for too long.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason authorize_login_required{
    "authorize.login_required", ErrorCode::login_required, "OIDCC-3.1.2.6",
    "nobody is signed in as freshly as this request demands, and prompt=none forbids to ask",
    "send the request again without prompt=none"};
inline constexpr Reason authorize_other_person{
    "authorize.other_person", ErrorCode::login_required, "OIDCC-3.1.2.1",
    "somebody else is signed in than the one the request is about",
    "send the request again without the hint to get whoever is signed in"};
inline constexpr Reason authorize_acr_unmet{
    "authorize.acr_unmet", ErrorCode::unmet_authentication_requirements, "OIDCC-5.5.1.1",
    "the person could not sign in as strongly as the request demands",
    "ask for one of acr_values_supported, or make acr voluntary"};
inline constexpr Reason authorize_consent_required{
    "authorize.consent_required", ErrorCode::consent_required, "OIDCC-3.1.2.6",
    "the person has not allowed this yet, and prompt=none forbids to ask",
    "send the request again without prompt=none"};
inline constexpr Reason authorize_native_interaction{
    "authorize.native_interaction", ErrorCode::interaction_required, "RFC8252-8.6",
    "a native application is confirmed by the person every time, and prompt=none forbids to ask",
    "send the request again without prompt=none"};
inline constexpr Reason transaction_finished{
    "transaction.finished", ErrorCode::restart_needed, "RFC6749-4.1.1",
    "this sign-in request was answered already", "begin again at the application"};
inline constexpr Reason transaction_expired{
    "transaction.expired", ErrorCode::restart_needed, "RFC6749-4.1.1",
    "this sign-in request was left open for too long", "begin again at the application"};
inline constexpr Reason consent_denied{"consent.denied", ErrorCode::access_denied,
                                       "RFC6749-4.1.2.1", "the person declined the request",
                                       "nothing to mend: a person decided"};

inline constexpr std::array kAllNextStep{
    &authorize_login_required,     &authorize_other_person,
    &authorize_acr_unmet,          &authorize_consent_required,
    &authorize_native_interaction, &transaction_finished,
    &transaction_expired,          &consent_denied,
};

}  // namespace claviger::reason
