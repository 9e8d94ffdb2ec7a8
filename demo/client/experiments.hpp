// What no good client does, done on purpose: each sends one wrong request and tells how the server
// defended itself.
#pragma once
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "demo/client/relying_party.hpp"
#include "demo/client/session.hpp"

namespace claviger::demo {

Task<Notice> reuse_code(RelyingParty& client, Session& session);
Task<Notice> use_wrong_secret(RelyingParty& client, Session& session);
Task<Notice> reuse_refresh_token(RelyingParty& client, Session& session);
Task<Notice> tamper_with_access_token(RelyingParty& client, Session& session);
// The ID token where an access token belongs.
Task<Notice> use_id_token_as_access_token(RelyingParty& client, Session& session);
// The ID token, as if it were the answer to another sign-in.
Task<Notice> replay_id_token(RelyingParty& client, Session& session);

// The token with another subject written into it, the signature left as it was.
std::string tampered(std::string_view access_token);

}  // namespace claviger::demo
