#include "http/client_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

#include "base/text.hpp"

namespace claviger::http {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  if (text.empty() || text.size() > INET6_ADDRSTRLEN) return std::nullopt;
  const std::string copy(text);
  Address address;
  if (inet_pton(AF_INET6, copy.c_str(), address.bytes_.data()) == 1) return address;
  std::ranges::copy(kMapped, address.bytes_.begin());
  if (inet_pton(AF_INET, copy.c_str(), address.bytes_.data() + kMapped.size()) == 1) return address;
  return std::nullopt;
}

bool Address::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin()); }

bool Address::is_loopback() const {
  if (is_v4()) return bytes_[12] == 127;
  return std::all_of(bytes_.begin(), bytes_.end() - 1, [](auto byte) { return byte == 0; }) &&
         bytes_[15] == 1;
}

bool Address::is_within(const Address& network, unsigned bits) const {
  const std::size_t whole = bits / 8;
  if (!std::equal(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(whole),
                  network.bytes_.begin()))
    return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - bits % 8));
  return (bytes_[whole] & mask) == (network.bytes_[whole] & mask);
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& texts) {
  for (const auto& text : texts) {
    const auto slash = text.find('/');
    const auto network = Address::parse(std::string_view(text).substr(0, slash));
    if (!network) throw std::invalid_argument("not an address or CIDR range: " + text);
    const unsigned most = network->is_v4() ? 32 : 128;
    unsigned bits = most;
    if (slash != std::string::npos) {
      const char* const end = text.data() + text.size();
      const auto [last, error] = std::from_chars(text.data() + slash + 1, end, bits);
      if (error != std::errc() || last != end || bits > most)
        throw std::invalid_argument("not an address or CIDR range: " + text);
    }
    ranges_.push_back(Range{*network, bits + (128 - most)});
  }
}

bool TrustedProxies::contains(std::string_view address) const {
  const auto parsed = Address::parse(address);
  if (!parsed) return false;
  return std::ranges::any_of(
      ranges_, [&](const Range& range) { return parsed->is_within(range.network, range.bits); });
}

std::string TrustedProxies::client_of(const std::string& peer, const Headers& headers) const {
  if (ranges_.empty() || !contains(peer)) return peer;
  std::string client = peer;
  // Each proxy appends on the right, in the last field; what stands left of the first address that
  // is no proxy of ours was written by that stranger.
  for (auto i = headers.size(); i-- > 0;) {
    auto [name, rest] = headers[i];
    if (!iequals_ascii(name, "X-Forwarded-For")) continue;
    while (true) {
      const auto comma = rest.rfind(',');
      const auto item = trim(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
      if (!Address::parse(item)) return client;
      client = item;
      if (!contains(item)) return client;
      if (comma == std::string_view::npos) break;
      rest = rest.substr(0, comma);
    }
  }
  return client;
}

}  // namespace claviger::http
