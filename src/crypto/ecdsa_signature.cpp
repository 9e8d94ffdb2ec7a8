#include "crypto/ecdsa_signature.hpp"

#include <algorithm>
#include <array>

#include "crypto/import_key.hpp"
#include "crypto/openssl.hpp"

namespace claviger::crypto {
namespace {

constexpr std::size_t kHalf = kEs256Bytes / 2;

// The order of P-256's base point (FIPS 186-4, D.1.2.3).
constexpr std::array<std::uint8_t, kHalf> kOrder{
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

// Zero for r and s once verified as a signature of anything, under any key (CVE-2022-21449): the
// range is checked here and not left to whichever library stands below.
bool in_range(ByteView number) {
  const bool zero = std::ranges::all_of(number, [](std::uint8_t b) { return b == 0; });
  return !zero && std::ranges::lexicographical_compare(number, kOrder);
}

}  // namespace

std::optional<Bytes> ecdsa_der_from_raw(ByteView raw) {
  if (raw.size() != kEs256Bytes) return {};
  if (!in_range(raw.first(kHalf)) || !in_range(raw.last(kHalf))) return {};
  auto r = number_of(raw.first(kHalf));
  auto s = number_of(raw.last(kHalf));
  const auto signature = owned<EcdsaSignature>(ECDSA_SIG_new(), "ECDSA_SIG_new");
  must(ECDSA_SIG_set0(signature.get(), r.release(), s.release()) == 1, "ECDSA_SIG_set0");
  const int length = i2d_ECDSA_SIG(signature.get(), nullptr);
  must(length > 0, "i2d_ECDSA_SIG");
  Bytes der(static_cast<std::size_t>(length));
  auto* out = der.data();
  must(i2d_ECDSA_SIG(signature.get(), &out) == length, "i2d_ECDSA_SIG");
  return der;
}

Bytes ecdsa_raw_from_der(ByteView der) {
  const auto* in = der.data();
  const auto signature = owned<EcdsaSignature>(
      d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())), "d2i_ECDSA_SIG");
  Bytes raw(kEs256Bytes);
  constexpr int kWidth = static_cast<int>(kHalf);
  must(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), kWidth) == kWidth &&
           BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + kHalf, kWidth) == kWidth,
       "BN_bn2binpad");
  return raw;
}

}  // namespace claviger::crypto
