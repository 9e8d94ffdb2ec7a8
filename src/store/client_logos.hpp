// The logos of clients, fetched once when they were registered and served from our own origin, so
// that no page of ours tells a client who looks at it (DC-08).
#pragma once
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

struct ClientLogo {
  std::string client_id;
  std::string content_type;
  Bytes image;
  Time fetched_at{};
};

class ClientLogos {
 public:
  explicit ClientLogos(sql::Driver& driver) : driver_(driver) {}

  Task<std::optional<ClientLogo>> find(std::string client_id);
  // Replaces the one before. A client that is gone gets none; the logo goes with its client.
  Task<void> put(ClientLogo logo);
  Task<void> remove(std::string client_id);

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
