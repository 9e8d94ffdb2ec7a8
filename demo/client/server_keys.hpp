// The server's public keys (RFC7517-5), and what they say about an access token (RFC9068-4).
#pragma once
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "crypto/key.hpp"
#include "demo/client/flow_log.hpp"

namespace claviger::demo {

struct ExpectedToken {
  std::string_view issuer;
  std::string_view client_id;
  Time now;
};

class ServerKeys {
 public:
  // False when `jwks` is no key set; a key in it that we can't use is passed over.
  bool replace(const boost::json::object& jwks);
  // Whether fetching the keys (again) would not help this token.
  bool settles(const std::string& token) const;
  SeenToken judge(const std::string& access_token, const ExpectedToken& expected) const;
  // Null when there is no such key.
  const crypto::PublicKey* find(std::string_view kid) const;

 private:
  std::vector<crypto::PublicKey> keys_;
};

}  // namespace claviger::demo
