// What a client makes of the tokens that it got: signature by a key of /jwks, issuer, audience,
// time (OIDCC-3.1.3.7, RFC9068-4). Pure.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "crypto/key.hpp"

namespace claviger::app {

struct TokenExpectation {
  std::string_view issuer;
  std::string_view client_id;
  std::string_view nonce;         // of an ID token; empty: none was sent
  std::string_view access_token;  // that came with an ID token
  Time now;
};

struct TokenJudgement {
  bool verified = false;
  bool sealed = false;  // nobody but its reader can judge it: encrypted or opaque
  std::string remark;
  boost::json::object header;
  boost::json::object claims;
};

std::vector<crypto::PublicKey> read_key_set(const boost::json::object& jwks);

TokenJudgement judge_access_token(const std::string& token,
                                  const std::vector<crypto::PublicKey>& keys,
                                  const TokenExpectation& expected);
TokenJudgement judge_id_token(const std::string& token, const std::vector<crypto::PublicKey>& keys,
                              const TokenExpectation& expected);
// A refresh token is the server's own affair: only shown.
TokenJudgement look_at_refresh_token(const std::string& token);

}  // namespace claviger::app
