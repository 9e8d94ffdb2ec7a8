#include "crypto/jws.hpp"

#include <algorithm>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"

namespace claviger::crypto {
namespace {

constexpr std::size_t kMaxKidBytes = 256;
constexpr std::string_view kMacAlg = "HS256";
constexpr std::size_t kMinSecretBytes = 32;  // as long as the hash (RFC7518-3.2)

// The three parts of a compact JWS, still encoded, and its decoded header.
struct Parts {
  std::string_view signing_input;
  std::string_view payload;
  std::string_view signature;
  boost::json::object header;
};

std::expected<boost::json::object, JwsError> read_object(std::string_view encoded,
                                                         JwsError when_no_object) {
  const auto bytes = base64url_decode(encoded);
  if (!bytes) return std::unexpected(JwsError::malformed);
  auto value = parse_json(as_text(*bytes), encoded.size());
  if (!value || !value->is_object()) return std::unexpected(when_no_object);
  return std::move(value->get_object());
}

std::expected<Parts, JwsError> split(std::string_view compact, std::size_t max_bytes) {
  if (compact.size() > max_bytes) return std::unexpected(JwsError::too_large);
  const auto first = compact.find('.');
  if (first == std::string_view::npos || first == 0) return std::unexpected(JwsError::malformed);
  const auto second = compact.find('.', first + 1);
  if (second == std::string_view::npos) return std::unexpected(JwsError::malformed);
  Parts parts;
  parts.signing_input = compact.substr(0, second);
  parts.payload = compact.substr(first + 1, second - first - 1);
  parts.signature = compact.substr(second + 1);
  if (parts.payload.empty() || parts.signature.empty() ||
      parts.signature.find('.') != std::string_view::npos) {
    return std::unexpected(JwsError::malformed);
  }
  auto header = read_object(compact.substr(0, first), JwsError::bad_header);
  if (!header) return std::unexpected(header.error());
  parts.header = std::move(*header);
  return parts;
}

bool is_type(const boost::json::object& header, std::string_view typ) {
  if (typ.empty()) return true;
  return is_media_type(json_text(header, "typ").value_or(""), typ);
}

// What is wrong with the header before any key is looked at. Embedded and referenced keys (jwk,
// jku, x5u, x5c) are not looked at anywhere.
std::optional<JwsError> header_fault(const boost::json::object& header, std::string_view typ) {
  if (header.contains("crit")) return JwsError::unknown_critical;  // RFC7515-4.1.11
  if (header.contains("b64")) return JwsError::bad_header;         // RFC7797-7
  const auto kid = json_text(header, "kid");
  if (header.contains("kid") && (!kid || kid->empty() || kid->size() > kMaxKidBytes)) {
    return JwsError::bad_header;
  }
  if (!json_text(header, "alg")) return JwsError::bad_header;
  if (!is_type(header, typ)) return JwsError::wrong_type;
  return {};
}

// Room for the signature is taken with the rest: ES256, HS256 and EdDSA have no more, RSA grows.
std::string signing_input(std::string_view alg, std::string_view typ, std::string_view kid,
                          std::string_view payload) {
  constexpr std::size_t kSignatureChars = 1 + 86;
  JsonWriter header;
  header.text("alg", alg).text("typ", typ).text("kid", kid);
  const auto head = std::move(header).finish();
  std::string out;
  out.reserve((head.size() + payload.size()) * 4 / 3 + 4 + kSignatureChars);
  base64url_append(out, as_bytes(head));
  out.push_back('.');
  base64url_append(out, as_bytes(payload));
  return out;
}

std::string with_signature(std::string signing_input, ByteView signature) {
  signing_input.push_back('.');
  base64url_append(signing_input, signature);
  return signing_input;
}

// The parts of a message whose header is in order, whoever may have made it.
std::expected<Parts, JwsError> read_parts(std::string_view compact, std::string_view typ,
                                          std::size_t max_bytes = limits::kJwtBytes) {
  auto parts = split(compact, max_bytes);
  if (!parts) return parts;
  if (const auto fault = header_fault(parts->header, typ)) return std::unexpected(*fault);
  return parts;
}

// The payload is read only after the proof: until then it is a stranger's text.
std::expected<VerifiedJws, JwsError> proven(Parts& parts) {
  auto payload = read_object(parts.payload, JwsError::malformed);
  if (!payload) return std::unexpected(payload.error());
  return VerifiedJws{std::move(parts.header), std::move(*payload)};
}

// `mac_of(kid, data)` is nothing when there is no such key.
template <class MacOf>
std::expected<VerifiedJws, JwsError> verify_mac_with(std::string_view compact, std::string_view typ,
                                                     const MacOf& mac_of) {
  auto parts = read_parts(compact, typ);
  if (!parts) return std::unexpected(parts.error());
  if (json_text(parts->header, "alg") != kMacAlg) {
    return std::unexpected(JwsError::wrong_algorithm);
  }
  const auto kid = json_text(parts->header, "kid").value_or("");
  const std::optional<Digest> right = mac_of(kid, as_bytes(parts->signing_input));
  if (!right) return std::unexpected(JwsError::unknown_key);
  const auto came = base64url_decode(parts->signature);
  if (!came) return std::unexpected(JwsError::malformed);
  if (!constant_time_equal(*right, *came)) return std::unexpected(JwsError::bad_signature);
  return proven(*parts);
}

}  // namespace

std::string_view to_string(JwsError error) {
  switch (error) {
    case JwsError::malformed:
      return "malformed";
    case JwsError::too_large:
      return "too_large";
    case JwsError::bad_header:
      return "bad_header";
    case JwsError::unknown_critical:
      return "unknown_critical";
    case JwsError::wrong_type:
      return "wrong_type";
    case JwsError::wrong_algorithm:
      return "wrong_algorithm";
    case JwsError::unknown_key:
      return "unknown_key";
    case JwsError::bad_signature:
      return "bad_signature";
  }
  return "";
}

std::string sign_jws(const PrivateKey& key, std::string_view typ,
                     const boost::json::object& payload) {
  return sign_jws_text(key, typ, boost::json::serialize(payload));
}

std::string sign_jws_text(const PrivateKey& key, std::string_view typ, std::string_view payload) {
  auto out = signing_input(to_string(key.alg()), typ, key.kid(), payload);
  const auto signature = key.sign(out);
  return with_signature(std::move(out), signature);
}

std::expected<VerifiedJws, JwsError> verify_jws(std::string_view compact, std::string_view typ,
                                                const FindKey& find) {
  return verify_jws_with_any(compact, typ, [&](Alg, std::string_view kid) {
    const auto* key = find(kid);
    return key ? std::vector{*key} : std::vector<PublicKey>();
  });
}

std::expected<VerifiedJws, JwsError> verify_jws_with_any(std::string_view compact,
                                                         std::string_view typ, const FindKeys& find,
                                                         std::size_t max_bytes) {
  auto parts = read_parts(compact, typ, max_bytes);
  if (!parts) return std::unexpected(parts.error());
  const auto alg = parse_alg_of_others(*json_text(parts->header, "alg"));
  if (!alg) return std::unexpected(JwsError::wrong_algorithm);
  auto keys = find(*alg, json_text(parts->header, "kid").value_or(""));
  if (keys.empty()) return std::unexpected(JwsError::unknown_key);
  std::erase_if(keys, [&](const PublicKey& key) { return key.alg() != *alg; });
  if (keys.empty()) return std::unexpected(JwsError::wrong_algorithm);
  const auto signature = base64url_decode(parts->signature);
  if (!signature) return std::unexpected(JwsError::malformed);
  const auto right = [&](const PublicKey& key) {
    return key.verify(parts->signing_input, *signature);
  };
  if (std::ranges::none_of(keys, right)) return std::unexpected(JwsError::bad_signature);
  return proven(*parts);
}

std::expected<VerifiedJws, JwsError> peek_jws(std::string_view compact, std::size_t max_bytes) {
  auto parts = split(compact, max_bytes);
  if (!parts) return std::unexpected(parts.error());
  if (!base64url_decode(parts->signature)) return std::unexpected(JwsError::malformed);
  return proven(*parts);
}

std::string mac_jws(const MacKey& key, std::string_view kid, std::string_view typ,
                    const boost::json::object& payload) {
  return mac_jws_text(key, kid, typ, boost::json::serialize(payload));
}

std::string mac_jws_text(const MacKey& key, std::string_view kid, std::string_view typ,
                         std::string_view payload) {
  auto out = signing_input(kMacAlg, typ, kid, payload);
  const auto mac = key.mac(as_bytes(out));
  return with_signature(std::move(out), mac);
}

std::expected<VerifiedJws, JwsError> verify_mac_jws(
    std::string_view compact, std::string_view typ,
    const std::function<const MacKey*(std::string_view kid)>& find) {
  return verify_mac_with(compact, typ, [&](std::string_view kid, ByteView data) {
    const auto* const key = find(kid);
    return key ? std::optional(key->mac(data)) : std::nullopt;
  });
}

// A short secret is no key: whoever holds one message could guess it at leisure.
std::expected<VerifiedJws, JwsError> verify_secret_jws(std::string_view compact,
                                                       std::string_view typ, const Secret& secret) {
  return verify_mac_with(compact, typ, [&](std::string_view, ByteView data) {
    return secret.size() < kMinSecretBytes
               ? std::nullopt
               : std::optional(hmac_sha256(as_bytes(secret.reveal()), data));
  });
}

std::string half_hash(Alg alg, std::string_view text) {
  if (alg == Alg::EdDSA) {
    const auto hash = sha512(text);
    return base64url_encode(ByteView(hash).first(hash.size() / 2));
  }
  const auto hash = sha256(text);
  return base64url_encode(ByteView(hash).first(hash.size() / 2));
}

}  // namespace claviger::crypto
