// Looking a typed user code up, slowly for whoever guesses (RFC8628-5.1, DV-01).
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "endpoints/deps.hpp"
#include "http/message.hpp"
#include "model/device_code.hpp"
#include "model/session.hpp"

namespace claviger::endpoints {

struct NoSuchCode {};  // unknown, expired or answered: all the same to who types it
struct TooManyTries {
  std::chrono::seconds wait{};
};
using TypedCode = std::variant<DeviceCode, NoSuchCode, TooManyTries>;

// Counted per session, person and address, and, above all that, for everybody together. Durable, so
// that a restart resets nothing.
Task<TypedCode> find_typed_code(const Deps& deps, const http::Request& request, Session session,
                                std::string typed);

}  // namespace claviger::endpoints
