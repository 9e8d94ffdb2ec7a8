// JWS in compact form (RFC7515), and nothing else: no JSON serialisation, no `none`, no embedded or
// referenced keys. `crit` is always refused, since no extension is understood.
#pragma once
#include <boost/json.hpp>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/key.hpp"

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

// Finds the key for a kid; the header's alg must then equal the key's own.
using FindKey = std::function<const PublicKey*(std::string_view kid)>;
// `typ` is compared without case, "application/" allowed before it. Empty: any.
std::expected<VerifiedJws, JwsError> verify_jws(std::string_view compact, std::string_view typ,
                                                const FindKey& find);

// Header and payload without any proof: for people who look at tokens (`claviger token inspect`),
// never for a decision.
std::expected<VerifiedJws, JwsError> peek_jws(std::string_view compact);

// The MAC form of refresh tokens: header {alg:HS256, typ, kid}. Deterministic: same input, same
// bytes.
std::string mac_jws(ByteView key, std::string_view kid, std::string_view typ,
                    const boost::json::object& payload);
// `find` gives the MAC key of a kid, or an empty view.
std::expected<VerifiedJws, JwsError> verify_mac_jws(
    std::string_view compact, std::string_view typ,
    const std::function<ByteView(std::string_view kid)>& find);

}  // namespace claviger::crypto
