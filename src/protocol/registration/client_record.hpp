// What a client's record may say, whoever wrote it: the stranger who registers, the client that
// updates itself, the operator. Judged on the record as it will be stored, never on the change
// alone (DC-03).
#pragma once
#include <boost/json.hpp>
#include <string_view>
#include <vector>

#include "base/reason.hpp"
#include "crypto/key.hpp"
#include "model/client.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

// Name, redirect URIs, grants and response types, and every member of OIDCDR-2. `signing_algs`:
// those that we have a key for.
Result<void> judge_client_record(const Client& client, const Policy& policy,
                                 const std::vector<crypto::Alg>& signing_algs);

// What a client chooses for itself: no grant that only an operator gives, unless it has it already.
Result<void> judge_own_choice(const Client& wanted, const Client* stored);

// May the one record become the other? A client that authenticates doesn't become one that does
// not, nor one with a kind of secret that nobody issued (DC-03).
Result<void> judge_client_change(const Client& before, const Client& after);

// The stored record with everything that registration says replaced. What a client can't change of
// itself stays: secrets, profile, what the operator gave; and a logo whose address stayed.
Client replace_registration(const Client& stored, const Client& wanted);

// Does the method rest on a secret that both sides know?
bool uses_secret(AuthMethod method);

// What the pairwise identifiers of this client are computed for (OIDCC-8.1): the host of its
// sector_identifier_uri, or the one host of its redirect URIs.
void settle_sector(Client& client);
// The document behind sector_identifier_uri: a JSON array that has every redirect URI (OIDCDR-5,
// DC-10).
Result<void> judge_sector_document(std::string_view document, const Client& client);

// The metadata as the client is told it (RFC7591-3.2.1): what was registered, defaults included; no
// secret, no token, nothing internal.
boost::json::object client_information(const Client& client, const Policy& policy);

}  // namespace claviger::protocol
