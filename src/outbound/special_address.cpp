#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "outbound/fetcher.hpp"

namespace claviger::outbound {
namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

template <class Address>
struct Block {
  Address network;
  unsigned bits;
};

template <class Address>
constexpr bool inside(const Address& address, const Block<Address>& block) {
  for (unsigned i = 0; i < block.bits; ++i) {
    const unsigned shift = 7 - i % 8;
    if (((address[i / 8] ^ block.network[i / 8]) >> shift) & 1) return false;
  }
  return true;
}

constexpr Block<V4> kLoopback4{{127}, 8};
constexpr V6 kLoopback6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

// RFC6890 as the IANA registry continues it, and multicast. The few entries that are reachable from
// everywhere (192.0.0.9, AS112, AMT) are infrastructure and no home of a document either.
constexpr std::array kSpecial4{
    Block<V4>{{0}, 8},              // this network
    Block<V4>{{10}, 8},             // private
    Block<V4>{{100, 64}, 10},       // shared between a carrier and its customers
    kLoopback4,                     //
    Block<V4>{{169, 254}, 16},      // link local; the clouds' metadata
    Block<V4>{{172, 16}, 12},       // private
    Block<V4>{{192, 0, 0}, 24},     // protocol assignments
    Block<V4>{{192, 0, 2}, 24},     // documentation
    Block<V4>{{192, 31, 196}, 24},  // AS112
    Block<V4>{{192, 52, 193}, 24},  // AMT
    Block<V4>{{192, 88, 99}, 24},   // 6to4 relays
    Block<V4>{{192, 168}, 16},      // private
    Block<V4>{{192, 175, 48}, 24},  // AS112
    Block<V4>{{198, 18}, 15},       // benchmarks
    Block<V4>{{198, 51, 100}, 24},  // documentation
    Block<V4>{{203, 0, 113}, 24},   // documentation
    Block<V4>{{224}, 4},            // multicast
    Block<V4>{{240}, 4},            // reserved, broadcast
};

// Only 2000::/3 is global unicast: whatever lies outside (::1, mapped, unique local, link local,
// site local, multicast, discard, segment routing) is refused without being named here.
constexpr Block<V6> kGlobal6{{0x20}, 3};
constexpr std::array kSpecial6{
    Block<V6>{{0x20, 0x01}, 23},                          // protocol assignments, Teredo, ORCHID
    Block<V6>{{0x20, 0x01, 0x0d, 0xb8}, 32},              // documentation
    Block<V6>{{0x20, 0x02}, 16},                          // 6to4: carries any IPv4 address
    Block<V6>{{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48},  // AS112
    Block<V6>{{0x3f, 0xff}, 20},                          // documentation
};
// Behind this prefix a NAT64 gateway reaches IPv4 (RFC6052-2.1), so the address inside is judged.
// Networks with IPv6 alone see the whole IPv4 world there.
constexpr Block<V6> kNat64{{0x00, 0x64, 0xff, 0x9b}, 96};

bool refused4(const V4& address) {
  return std::ranges::any_of(kSpecial4, [&](const auto& b) { return inside(address, b); });
}

bool refused6(const V6& address) {
  if (inside(address, kNat64)) {
    return refused4({address[12], address[13], address[14], address[15]});
  }
  return !inside(address, kGlobal6) ||
         std::ranges::any_of(kSpecial6, [&](const auto& b) { return inside(address, b); });
}

}  // namespace

bool is_refused_address(std::string_view address, bool loopback_allowed) {
  const std::string text(address);
  if (text.size() != std::char_traits<char>::length(text.c_str())) return true;
  V4 v4{};
  if (::inet_pton(AF_INET, text.c_str(), v4.data()) == 1) {
    return inside(v4, kLoopback4) ? !loopback_allowed : refused4(v4);
  }
  V6 v6{};
  if (::inet_pton(AF_INET6, text.c_str(), v6.data()) == 1) {
    return v6 == kLoopback6 ? !loopback_allowed : refused6(v6);
  }
  return true;
}

}  // namespace claviger::outbound
