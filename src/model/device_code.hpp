// A device that waits for a person to sign in elsewhere (RFC8628-3.2).
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "model/grant.hpp"

namespace claviger {

struct DeviceCode {
  Id selector;
  Digest verifier_hash{};
  std::string user_code;  // normalised: eight letters, no hyphen
  std::string client_id;
  std::vector<std::string> scopes;
  std::vector<std::string> resources;
  std::string requester;  // address of the device, shown to the person (DV-02)
  std::chrono::seconds interval{5};
  Time issued_at{};
  Time expires_at{};
  std::optional<Time> last_polled_at;
  std::optional<Authorized> approved;  // who said yes, and how that person had signed in
  std::optional<Time> denied_at;
  std::optional<Time> redeemed_at;
  std::int64_t storage_epoch = 0;
  bool of_another_epoch = false;  // as of a code
};

}  // namespace claviger
