// Refusals of what is said about a person: the standard claims of OIDCC-5.1.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason user_claim_unknown{
    "user_claim.unknown", ErrorCode::invalid_request, "OIDCC-5.1",
    "this is no standard claim that can be set",
    "use the standard claims; sub, updated_at and preferred_username follow from the record"};
inline constexpr Reason user_claim_text{
    "user_claim.text", ErrorCode::invalid_request, "OIDCC-5.1",
    "a claim is not a text, is blank or too long, or has invisible or control characters",
    "send a text of at most 256 bytes, or null to take the claim away"};
inline constexpr Reason user_claim_url{
    "user_claim.url", ErrorCode::invalid_request, "OIDCC-5.1",
    "profile, picture and website must be https or http URLs",
    "send a URL of at most 2048 characters that begins with https://"};
inline constexpr Reason user_claim_flag{"user_claim.flag", ErrorCode::invalid_request, "OIDCC-5.1",
                                        "a claim that tells yes or no is not true or false",
                                        "send true or false without quotes"};
inline constexpr Reason user_claim_birthdate{
    "user_claim.birthdate", ErrorCode::invalid_request, "OIDCC-5.1",
    "birthdate is not YYYY-MM-DD, 0000-MM-DD or YYYY", "send a date such as 1815-12-10"};
inline constexpr Reason user_claim_zoneinfo{"user_claim.zoneinfo", ErrorCode::invalid_request,
                                            "OIDCC-5.1", "zoneinfo is not the name of a time zone",
                                            "send a name such as Europe/London"};
inline constexpr Reason user_claim_locale{"user_claim.locale", ErrorCode::invalid_request,
                                          "OIDCC-5.1", "locale is not a language tag",
                                          "send a tag such as en-GB"};
inline constexpr Reason user_claim_address{
    "user_claim.address", ErrorCode::invalid_request, "OIDCC-5.1.1",
    "address is not an object of texts with the members of an address",
    "use formatted, street_address, locality, region, postal_code and country"};

inline constexpr std::array kAllUserClaims{
    &user_claim_unknown,   &user_claim_text,     &user_claim_url,    &user_claim_flag,
    &user_claim_birthdate, &user_claim_zoneinfo, &user_claim_locale, &user_claim_address};

}  // namespace claviger::reason
