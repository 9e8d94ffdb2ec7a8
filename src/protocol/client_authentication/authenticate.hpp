// Client authentication at the token endpoint (RFC6749-2.3, OAUTH21-2.4): secret in the header or
// in the body, never both; `none` for public clients.
#pragma once
#include <optional>
#include <string>

#include "base/form.hpp"
#include "base/reason.hpp"
#include "base/secret.hpp"
#include "crypto/key_ring.hpp"
#include "model/client.hpp"

namespace claviger::protocol {

// What came, by which method. http/ parsed the header; its parts are given as values.
struct PresentedClient {
  std::string client_id;
  std::optional<Secret> secret;
  bool by_header = false;  // then a 401 carries WWW-Authenticate: Basic
};

struct HeaderCredentials {
  bool present = false;                                  // any Authorization header at all
  bool basic = false;                                    // the Basic scheme
  std::optional<std::pair<std::string, Secret>> parsed;  // well-formed
};

// `query`: the URL's parameters, where no credential may stand (CA-15).
Result<PresentedClient> parse_client_credentials(const HeaderCredentials& header, const Form& body,
                                                 const Form& query);

// Proof that a client authenticated (or is public and named itself). Only the rule below makes one.
class AuthenticatedClient {
 public:
  const Client& record() const { return client_; }

 private:
  friend Result<AuthenticatedClient> judge_client(const PresentedClient&,
                                                  const std::optional<Client>&,
                                                  const crypto::KeyRing&, Time);
  explicit AuthenticatedClient(Client client) : client_(std::move(client)) {}
  Client client_;
};

// An unknown client costs the same HMAC and comparison as a known one (CA-12).
Result<AuthenticatedClient> judge_client(const PresentedClient& presented,
                                         const std::optional<Client>& client,
                                         const crypto::KeyRing& keys, Time now);

}  // namespace claviger::protocol
