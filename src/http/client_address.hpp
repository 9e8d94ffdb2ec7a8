// Who is at the other end: the peer, or whom a trusted proxy names in X-Forwarded-For. From anybody
// else that field is an assertion of a stranger and is not read (HT-13).
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace claviger::http {

// An IP address, version 4 as its mapped version 6.
class Address {
 public:
  static std::optional<Address> parse(std::string_view text);
  bool is_loopback() const;
  // The first `bits` bits are those of `network` (counted as in version 6).
  bool is_within(const Address& network, unsigned bits) const;
  bool is_v4() const;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

class TrustedProxies {
 public:
  TrustedProxies() = default;
  // Addresses or CIDR ranges. Throws std::invalid_argument that names a text that is neither.
  explicit TrustedProxies(const std::vector<std::string>& texts);
  bool empty() const { return ranges_.empty(); }
  bool contains(std::string_view address) const;
  // The right-most address of X-Forwarded-For that is not itself a trusted proxy; the peer when it
  // is not trusted, sends no such field, or what it sends is no address.
  std::string client_of(const std::string& peer, const Headers& headers) const;

 private:
  struct Range {
    Address network;
    unsigned bits = 128;
  };
  std::vector<Range> ranges_;
};

}  // namespace claviger::http
