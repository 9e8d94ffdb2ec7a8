// What may be asked for at the authorization endpoint, and how the answer travels (OIDCM-2.1,
// OIDCM-5, OIDCFP-2).
#pragma once
#include "base/form.hpp"
#include "base/reason.hpp"
#include "model/client.hpp"
#include "model/response_type.hpp"

namespace claviger::protocol {

// Of this form, refused or not: the mode that was asked for where the response type may have it,
// else the type's own. A refusal of a request for tokens never ends in a query.
ResponseMode response_mode_of(const Form& form);
// A mode that is unknown, or a query for what carries a token.
bool is_refused_response_mode(const Form& form);

// Tokens come from the authorization endpoint only for clients of the profile oidc_compat that
// registered the response type (OAUTH21-10.1). Asked at the start and before each answer.
Result<void> judge_response_type(const Client& client, ResponseType type);

}  // namespace claviger::protocol
