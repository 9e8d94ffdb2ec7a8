// What an ID token must be before anybody counts as signed in (OIDCC-3.1.3.7): one pure function
// from the text to a verdict.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "demo/client/flow_log.hpp"
#include "demo/client/server_keys.hpp"

namespace claviger::demo {

struct ExpectedIdToken {
  std::string_view issuer;
  std::string_view client_id;
  std::string_view nonce;         // empty: none was sent, and none is looked for
  std::string_view access_token;  // that came with it
  Time now;
};

struct JudgedToken {
  SeenToken seen;
  boost::json::object claims;  // empty unless it is verified
};

JudgedToken judge_id_token(const std::string& token, const ServerKeys& keys,
                           const ExpectedIdToken& expected);

// The steps that ID tokens and logout tokens share: the signature by a key of the server's that may
// sign either, issuer and audience. `seen.remark` tells what failed; empty: nothing did.
JudgedToken judge_signed_token(std::string_view name, const std::string& token,
                               std::string_view typ, const ServerKeys& keys,
                               std::string_view issuer, std::string_view client_id);
// The time in a claim, when it is one that a calendar has.
std::optional<Time> time_of(const boost::json::object& claims, std::string_view name);

}  // namespace claviger::demo
