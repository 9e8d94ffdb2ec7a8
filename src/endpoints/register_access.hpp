// Who may register a client, and who may manage one: bearer tokens of two kinds, neither of which
// opens anything else (RFC7591-3, RFC7592-3).
#pragma once
#include <optional>
#include <string>

#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

// Under which initial access token; without one, registration is open.
struct Registrar {
  std::optional<Id> token;
  std::optional<Profile> profile;  // of the clients that this token registers
};
// A token that was sent has to be good, even where none is needed.
Task<Result<Registrar>> find_registrar(const Deps& deps, const http::Request& request);

// The client of the query, when the registration access token is its own. One refusal for
// everything else: an unknown client, another's token, none (DC-06).
struct ManagedClient {
  Client client;
  std::string token;  // as it was presented
};
Task<Result<ManagedClient>> find_managed(const Deps& deps, const http::Request& request);

// As JSON; 401 comes with its challenge.
http::Response refuse_registration(const http::Request& request, const Error& error,
                                   std::string client_id = {});

}  // namespace claviger::endpoints
