// Client authentication (RFC6749-2.3, OAUTH21-2.4): secret in the header or in the body, an
// assertion (RFC7523-2.2), never two of them; `none` for public clients. A client authenticates by
// the method that it registered; only the two ways of sending a secret stand in for one another.
#pragma once
#include <optional>
#include <string>

#include "base/form.hpp"
#include "base/reason.hpp"
#include "base/secret.hpp"
#include "crypto/key_ring.hpp"
#include "model/client.hpp"
#include "protocol/client_authentication/assertion.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

// What came, by which method. http/ parsed the header; its parts are given as values.
struct PresentedClient {
  std::string client_id;
  std::optional<Secret> secret;
  bool by_header = false;  // then a 401 carries WWW-Authenticate: Basic
  std::optional<std::string> assertion;
};

struct HeaderCredentials {
  bool present = false;                                  // any Authorization header at all
  bool basic = false;                                    // the Basic scheme
  std::optional<std::pair<std::string, Secret>> parsed;  // well-formed
};

// `query`: the URL's parameters, where no credential may stand (CA-15).
Result<PresentedClient> parse_client_credentials(const HeaderCredentials& header, const Form& body,
                                                 const Form& query);

// Proof that a client authenticated (or is public and named itself). Only the rules below make one.
class AuthenticatedClient {
 public:
  const Client& record() const { return *client_; }
  const SharedClient& shared() const { return client_; }

 private:
  friend Result<AuthenticatedClient> judge_client(const PresentedClient&, const SharedClient&,
                                                  const crypto::KeyRing&, Time);
  friend class ProvenAssertion;
  explicit AuthenticatedClient(SharedClient client) : client_(std::move(client)) {}
  SharedClient client_;
};

// Everything but an assertion. An unknown client costs the same HMACs and comparisons as a known
// one (CA-12).
Result<AuthenticatedClient> judge_client(const PresentedClient& presented,
                                         const SharedClient& client, const crypto::KeyRing& keys,
                                         Time now);

// An assertion in which everything is right. Whether it came before only the store can say.
class ProvenAssertion {
 public:
  const Digest& replay_key() const { return claims_.replay_key; }
  Time keep_until() const { return claims_.keep_until; }
  Time usable_from() const { return claims_.usable_from; }
  // `first`: the store had not seen the key (CA-06).
  Result<AuthenticatedClient> accept(bool first) const;

 private:
  friend Result<ProvenAssertion> judge_client_assertion(const PresentedClient&, const SharedClient&,
                                                        const AssertionKeys&, const Policy&, Time);
  ProvenAssertion(SharedClient client, AssertionClaims claims)
      : client_(std::move(client)), claims_(std::move(claims)) {}
  SharedClient client_;
  AssertionClaims claims_;
};
// `presented` holds an assertion.
Result<ProvenAssertion> judge_client_assertion(const PresentedClient& presented,
                                               const SharedClient& client,
                                               const AssertionKeys& keys, const Policy& policy,
                                               Time now);

}  // namespace claviger::protocol
