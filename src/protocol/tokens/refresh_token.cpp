#include "protocol/tokens/refresh_token.hpp"

#include <stdexcept>

#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "crypto/jws.hpp"

namespace claviger::protocol {
namespace {

constexpr std::string_view kType = "rt+jwt";
// Header, payload and MAC of ours take some 180; whatever is longer was not made here.
constexpr std::size_t kLongest = 512;

}  // namespace

Secret mint_refresh_token(const RefreshClaims& claims, const std::string& mac_kid,
                          const crypto::KeyRing& keys) {
  const auto* const key = keys.find_refresh_mac(mac_kid);
  if (key == nullptr)
    throw std::runtime_error("the MAC key of a refresh family is not in the ring");
  JsonWriter payload;
  payload.text("f", claims.family.text()).number("n", claims.n);
  return Secret(crypto::mac_jws_text(*key, mac_kid, kType, std::move(payload).finish()));
}

std::optional<RefreshClaims> verify_refresh_token(const Secret& token,
                                                  const crypto::KeyRing& keys) {
  if (token.size() > kLongest) return {};
  const auto verified = crypto::verify_mac_jws(
      token.reveal(), kType, [&](std::string_view kid) { return keys.find_refresh_mac(kid); });
  if (!verified) return {};
  const auto family_text = json_text(verified->payload, "f");
  const auto n = json_seconds(verified->payload, "n");
  if (!family_text || !n) return {};
  const auto family = Id::parse(*family_text);
  if (!family) return {};
  return RefreshClaims{*family, *n};
}

}  // namespace claviger::protocol
