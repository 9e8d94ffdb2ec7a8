// Registration of a client by whoever asks (the seed's call; names of RFC7591-2 are taken too), by
// the client itself (RFC7591-3, RFC7592-2.2) and by the operator.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.hpp"
#include "base/reason.hpp"
#include "base/secret.hpp"
#include "crypto/key.hpp"
#include "model/client.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

// What was asked for, after the seed's names (client_id, client_secret, redirect_uri) and RFC
// 7591's (redirect_uris, client_name, scope, grant_types, token_endpoint_auth_method,
// application_type) were read into one.
struct ClientRegistration {
  // Which members the request named. A record that was written by hand names them all.
  struct Named {
    bool name = true, redirect_uris = true, scopes = true, grant_types = true;
    bool auth_method = true, application_type = true;
  };

  std::optional<std::string> client_id;  // nothing: we choose
  std::optional<Secret> client_secret;   // nothing: we choose, if the method needs one
  Client metadata;                       // everything that is no secret, defaults filled in
  Named named = {};
};

// The seed's call: nothing beyond what ClientMembers has.
Result<ClientRegistration> parse_client_registration(const Form& form, const Policy& policy);
Result<ClientRegistration> parse_client_registration(const boost::json::value& json,
                                                     const Policy& policy);
// All of RFC7591-2 and OIDCDR-2. A member that is null is absent (RFC7592-2.2); the sector is
// worked out already.
Result<ClientRegistration> parse_complete_registration(const boost::json::value& json,
                                                       const Policy& policy);
// The names that it reads.
const std::vector<std::string_view>& registration_member_names();

// Every rule on the resulting record: id, secret (`chosen_by_stranger`: at least 16 bytes), and
// judge_client_record. `signing_algs`: those that we have a key for.
Result<void> judge_client_registration(const ClientRegistration& registration, const Policy& policy,
                                       bool chosen_by_stranger,
                                       const std::vector<crypto::Alg>& signing_algs = {});

// Does the stored client say the same as what was asked (a registration of the same is no error)?
// Compares every member that the request named; the secret is compared by the caller, who has the
// keys.
bool same_registration(const Client& stored, const ClientRegistration& asked);

}  // namespace claviger::protocol
