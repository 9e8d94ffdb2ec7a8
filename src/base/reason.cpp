#include "base/reason.hpp"

#include <cstdlib>

namespace claviger {

std::string_view to_string(ErrorCode code) {
  switch (code) {
#define CLAVIGER_WORD(word) \
  case ErrorCode::word:     \
    return #word
    CLAVIGER_WORD(invalid_request);
    CLAVIGER_WORD(unauthorized_client);
    CLAVIGER_WORD(access_denied);
    CLAVIGER_WORD(unsupported_response_type);
    CLAVIGER_WORD(invalid_scope);
    CLAVIGER_WORD(server_error);
    CLAVIGER_WORD(temporarily_unavailable);
    CLAVIGER_WORD(invalid_client);
    CLAVIGER_WORD(invalid_grant);
    CLAVIGER_WORD(unsupported_grant_type);
    CLAVIGER_WORD(invalid_token);
    CLAVIGER_WORD(insufficient_scope);
    CLAVIGER_WORD(invalid_redirect_uri);
    CLAVIGER_WORD(invalid_client_metadata);
    CLAVIGER_WORD(login_required);
    CLAVIGER_WORD(consent_required);
    CLAVIGER_WORD(interaction_required);
    CLAVIGER_WORD(account_selection_required);
    CLAVIGER_WORD(request_not_supported);
    CLAVIGER_WORD(request_uri_not_supported);
    CLAVIGER_WORD(invalid_target);
    CLAVIGER_WORD(unsupported_token_type);
    CLAVIGER_WORD(invalid_request_object);
    CLAVIGER_WORD(invalid_request_uri);
    CLAVIGER_WORD(registration_not_supported);
    CLAVIGER_WORD(unmet_authentication_requirements);
    CLAVIGER_WORD(authorization_pending);
    CLAVIGER_WORD(slow_down);
    CLAVIGER_WORD(expired_token);
    CLAVIGER_WORD(invalid_software_statement);
    CLAVIGER_WORD(unapproved_software_statement);
    CLAVIGER_WORD(login_failed);
    CLAVIGER_WORD(restart_needed);
    CLAVIGER_WORD(registration_closed);
    CLAVIGER_WORD(conflict);
    CLAVIGER_WORD(too_many_requests);
    CLAVIGER_WORD(not_found);
    CLAVIGER_WORD(method_not_allowed);
    CLAVIGER_WORD(misdirected_request);
    CLAVIGER_WORD(payload_too_large);
    CLAVIGER_WORD(unsupported_media_type);
    CLAVIGER_WORD(forbidden);
#undef CLAVIGER_WORD
  }
  std::abort();
}

}  // namespace claviger
