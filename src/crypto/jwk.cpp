#include "crypto/jwk.hpp"

#include <algorithm>
#include <array>

#include "base/base64url.hpp"
#include "base/json.hpp"

namespace claviger::crypto {
namespace {

constexpr std::size_t kPointBytes = 32;
constexpr std::size_t kMinModulusBits = 2048;
constexpr std::size_t kMaxModulusBytes = 1024;  // verification grows with the square of it
constexpr std::size_t kMaxExponentBytes = 8;

// The private halves of every key type, and `k` of a symmetric one (RFC7518-6).
constexpr std::array<std::string_view, 8> kPrivateMembers{"d",  "p",  "q",   "dp",
                                                          "dq", "qi", "oth", "k"};

std::optional<Bytes> coordinate(const boost::json::object& jwk, std::string_view name) {
  auto bytes = read_octets(jwk, name);
  if (!bytes || bytes->size() != kPointBytes) return {};
  return bytes;
}

std::size_t bit_length(const Bytes& number) {
  std::size_t bits = number.size() * 8;
  for (unsigned mask = 0x80; (number.front() & mask) == 0; mask >>= 1) --bits;
  return bits;
}

bool meant_for_verifying(const boost::json::object& jwk) {
  if (jwk.contains("use") && json_text(jwk, "use") != "sig") return false;
  const auto* ops = jwk.if_contains("key_ops");
  if (!ops) return true;
  const auto* list = ops->if_array();
  return list && std::ranges::any_of(*list, [](const boost::json::value& op) {
           return op.is_string() && op.get_string() == "verify";
         });
}

// What the key itself says and what was registered must agree; nothing a message says counts
// (RFC8725-3.1).
std::optional<Alg> decide_alg(const boost::json::object& jwk, std::optional<Alg> registered,
                              std::initializer_list<Alg> fitting) {
  auto alg = registered.value_or(*fitting.begin());
  if (jwk.contains("alg")) {
    const auto named = parse_alg_of_others(json_text(jwk, "alg").value_or(""));
    if (!named || (registered && *registered != *named)) return {};
    alg = *named;
  }
  if (std::ranges::find(fitting, alg) == fitting.end()) return {};
  return alg;
}

}  // namespace

bool has_private_member(const boost::json::object& jwk) {
  return std::ranges::any_of(kPrivateMembers, [&](auto name) { return jwk.contains(name); });
}

std::optional<Bytes> read_octets(const boost::json::object& jwk, std::string_view name) {
  const auto text = json_text(jwk, name);
  if (!text || text->empty()) return {};
  return base64url_decode(*text);
}

std::optional<Bytes> read_number(const boost::json::object& jwk, std::string_view name) {
  auto bytes = read_octets(jwk, name);
  if (!bytes || bytes->front() == 0) return {};
  return bytes;
}

std::optional<RsaNumbers> read_rsa_numbers(const boost::json::object& jwk) {
  auto n = read_number(jwk, "n");
  auto e = read_number(jwk, "e");
  if (!n || !e || bit_length(*n) < kMinModulusBits || n->size() > kMaxModulusBytes) return {};
  const bool odd_exponent = (e->back() & 1u) != 0 && !(e->size() == 1 && e->front() == 1);
  const bool odd_modulus = (n->back() & 1u) != 0;
  if (e->size() > kMaxExponentBytes || !odd_exponent || !odd_modulus) return {};
  return RsaNumbers{std::move(*n), std::move(*e)};
}

std::optional<PublicParts> read_public_jwk(const boost::json::object& jwk,
                                           std::optional<Alg> registered) {
  if (has_private_member(jwk) || !meant_for_verifying(jwk)) return {};
  const auto kty = json_text(jwk, "kty");
  const auto crv = json_text(jwk, "crv");
  if (kty == "RSA") {
    const auto alg = decide_alg(jwk, registered, {Alg::RS256, Alg::PS256});
    auto numbers = alg ? read_rsa_numbers(jwk) : std::nullopt;
    if (!numbers) return {};
    return PublicParts{*alg, std::move(numbers->n), std::move(numbers->e)};
  }
  const bool p256 = kty == "EC" && crv == "P-256";
  const bool ed25519 = kty == "OKP" && crv == "Ed25519";
  if (!p256 && !ed25519) return {};
  const auto alg = decide_alg(jwk, registered, {p256 ? Alg::ES256 : Alg::EdDSA});
  auto x = coordinate(jwk, "x");
  auto y = p256 ? coordinate(jwk, "y") : Bytes();
  if (!alg || !x || !y) return {};
  return PublicParts{*alg, std::move(*x), std::move(*y)};
}

boost::json::object required_members(const PublicParts& parts) {
  boost::json::object out;
  const auto first = base64url_encode(parts.first);
  switch (parts.alg) {
    case Alg::ES256:
      out["crv"] = "P-256";
      out["kty"] = "EC";
      out["x"] = first;
      out["y"] = base64url_encode(parts.second);
      break;
    case Alg::RS256:
    case Alg::PS256:
      out["e"] = base64url_encode(parts.second);
      out["kty"] = "RSA";
      out["n"] = first;
      break;
    case Alg::EdDSA:
      out["crv"] = "Ed25519";
      out["kty"] = "OKP";
      out["x"] = first;
      break;
  }
  return out;
}

}  // namespace claviger::crypto
