// The last step of an authorization request: code and tokens, or the refusal, at the client
// (OIDCC-3.1.2.5, OIDCC-3.2.2.5, OIDCC-3.3.2.5).
#pragma once
#include "endpoints/authorize/visit.hpp"

namespace claviger::endpoints {

Task<http::Response> answer_granted(const Deps& deps, const http::Request& request, Visit visit);
Task<http::Response> answer_refused(const Deps& deps, const http::Request& request, Visit visit,
                                    Error error);

}  // namespace claviger::endpoints
