// What a client is told of who somebody is: the subject identifier, public or pairwise (OIDCC-8),
// and the name of a session (OIDCFC-3).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "model/client.hpp"

namespace claviger::protocol {

// What the two keys are derived for from the master key: SealingKey::derive.
inline constexpr std::string_view kPairwiseKeyPurpose = "pairwise subject identifiers";
inline constexpr std::string_view kSidKeyPurpose = "session names";

// Pairwise: base64url of HMAC-SHA-256 over the client's sector and `sub`: the same for all clients
// of a sector, and nothing that two sectors could compare.
std::string subject_for(const Client& client, std::string_view sub, const Digest& pairwise_key);

// `sid`: one for each session and client, computed under a key of the server's, so that it is
// neither the cookie nor leads to it, and nothing has to be stored. It stays when the same person
// signs in again.
std::string sid_for(const Id& session, std::string_view client_id, const Digest& sid_key);

// The sector of a client without sector_identifier_uri: the host of its redirect URIs; nothing when
// they have several (OIDCC-8.1).
std::optional<std::string> sector_of(const std::vector<std::string>& redirect_uris);

}  // namespace claviger::protocol
