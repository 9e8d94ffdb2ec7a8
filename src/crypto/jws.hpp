// JWS in compact form (RFC7515), and nothing else: no JSON serialisation, no `none`, no embedded or
// referenced keys. `crit` is always refused, since no extension is understood.
#pragma once
#include <boost/json.hpp>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "crypto/key.hpp"
#include "crypto/mac_key.hpp"

namespace claviger::crypto {

enum class JwsError {
  malformed,
  too_large,
  bad_header,
  unknown_critical,
  wrong_type,
  wrong_algorithm,
  unknown_key,
  bad_signature,
};
std::string_view to_string(JwsError error);

struct VerifiedJws {
  boost::json::object header;
  boost::json::object payload;
};

// `typ` is the media type without "application/": "at+jwt". Header members: alg, typ, kid.
std::string sign_jws(const PrivateKey& key, std::string_view typ,
                     const boost::json::object& payload);
// The same of an object that is text already.
std::string sign_jws_text(const PrivateKey& key, std::string_view typ, std::string_view payload);

// Finds the key for a kid; the header's alg must then equal the key's own.
using FindKey = std::function<const PublicKey*(std::string_view kid)>;
// `typ` is compared without case, "application/" allowed before it. Empty: any.
std::expected<VerifiedJws, JwsError> verify_jws(std::string_view compact, std::string_view typ,
                                                const FindKey& find);

// Tries every key that `find` gives for the header's alg and kid; alg, type and `crit` are judged
// as above. For keys of somebody else, where a message without kid may fit several (JO-06); of what
// somebody else signs, only request objects may be longer than tokens are.
using FindKeys = std::function<std::vector<PublicKey>(Alg alg, std::string_view kid)>;
std::expected<VerifiedJws, JwsError> verify_jws_with_any(std::string_view compact,
                                                         std::string_view typ, const FindKeys& find,
                                                         std::size_t max_bytes = limits::kJwtBytes);
// HS256 under a secret that two share (client_secret_jwt), of 32 bytes and more (RFC7518-3.2); any
// `kid` is ignored.
std::expected<VerifiedJws, JwsError> verify_secret_jws(std::string_view compact,
                                                       std::string_view typ, const Secret& secret);

// The left half of the hash that belongs to `alg`, in base64url: what at_hash, c_hash and s_hash
// are (OIDCC-3.1.3.6, OIDCC-3.3.2.11). EdDSA over Ed25519 hashes with SHA-512.
std::string half_hash(Alg alg, std::string_view text);

// Header and payload without any proof: for people who look at tokens (`claviger token inspect`),
// never for a decision.
std::expected<VerifiedJws, JwsError> peek_jws(std::string_view compact,
                                              std::size_t max_bytes = limits::kJwtBytes);

// The MAC form of refresh tokens: header {alg:HS256, typ, kid}. Deterministic: same input, same
// bytes.
std::string mac_jws(const MacKey& key, std::string_view kid, std::string_view typ,
                    const boost::json::object& payload);
std::string mac_jws_text(const MacKey& key, std::string_view kid, std::string_view typ,
                         std::string_view payload);
// `find` gives the MAC key of a kid, or nothing.
std::expected<VerifiedJws, JwsError> verify_mac_jws(
    std::string_view compact, std::string_view typ,
    const std::function<const MacKey*(std::string_view kid)>& find);

}  // namespace claviger::crypto
