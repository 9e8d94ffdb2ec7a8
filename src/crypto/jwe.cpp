#include "crypto/jwe.hpp"

#include <array>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "crypto/content_encryption.hpp"
#include "crypto/encryption_body.hpp"
#include "crypto/key_encryption.hpp"

namespace claviger::crypto {
namespace {

// A signed token inside grows by a third, and brings header, key and tag.
constexpr std::size_t kMaxBytes = 2 * limits::kJwtBytes;
constexpr std::size_t kMaxHeaderBytes = limits::kJwtBytes;

// The five parts, still encoded (RFC7516-7.1).
using Parts = std::array<std::string_view, 5>;

std::optional<Parts> split(std::string_view compact) {
  Parts parts;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const auto dot = compact.find('.');
    if (dot == std::string_view::npos) return {};
    parts[i] = compact.substr(0, dot);
    compact.remove_prefix(dot + 1);
  }
  if (compact.find('.') != std::string_view::npos) return {};
  parts.back() = compact;
  return parts;
}

std::expected<boost::json::object, JweError> read_header(std::string_view encoded) {
  const auto bytes = base64url_decode(encoded);
  if (!bytes || bytes->empty()) return std::unexpected(JweError::malformed);
  auto value = parse_json(as_text(*bytes), kMaxHeaderBytes);
  if (!value || !value->is_object()) return std::unexpected(JweError::bad_header);
  return std::move(value->get_object());
}

// The algorithms are those that were agreed on before; nothing a message says chooses them
// (RFC8725-3.1). Compression is refused, since it opens to any size (JO-15).
std::optional<JweError> header_fault(const boost::json::object& header, KeyAlg alg,
                                     ContentEnc enc) {
  if (header.contains("crit")) return JweError::unknown_critical;  // RFC7516-4.1.13
  if (header.contains("zip")) return JweError::bad_header;
  for (const auto* name : {"kid", "typ", "cty"}) {
    if (header.contains(name) && !json_text(header, name)) return JweError::bad_header;
  }
  const auto named_alg = json_text(header, "alg");
  const auto named_enc = json_text(header, "enc");
  if (!named_alg || !named_enc) return JweError::bad_header;
  if (named_alg != to_string(alg) || named_enc != to_string(enc)) return JweError::wrong_algorithm;
  return {};
}

struct Body {
  Bytes encrypted_key;
  Bytes iv;
  Bytes cipher;
  Bytes tag;
};

std::optional<Body> read_body(const Parts& parts) {
  auto key = base64url_decode(parts[1]);
  auto iv = base64url_decode(parts[2]);
  auto cipher = base64url_decode(parts[3]);
  auto tag = base64url_decode(parts[4]);
  if (!key || !iv || !cipher || !tag) return {};
  return Body{std::move(*key), std::move(*iv), std::move(*cipher), std::move(*tag)};
}

std::string encoded(ByteView bytes) { return base64url_encode(bytes); }

}  // namespace

std::string encrypt_jwe(const EncryptionKey& key, KeyAlg alg, ContentEnc enc, std::string_view cty,
                        std::string_view plain, Random& random) {
  must(key.fits(alg), "a key that does not fit the algorithm");
  const auto sent = send_content_key(key.body(), alg, enc, random);
  boost::json::object header{{"alg", to_string(alg)}, {"enc", to_string(enc)}};
  if (!key.kid().empty()) header["kid"] = key.kid();
  if (!cty.empty()) header["cty"] = cty;
  if (sent.epk) header["epk"] = *sent.epk;
  Bytes iv(iv_bytes(enc));
  random.fill(iv);
  auto out = encoded(as_bytes(boost::json::serialize(header)));
  const auto made = encrypt_content(enc, sent.key.view(), iv, out, plain);
  out += '.' + encoded(sent.encrypted);
  out += '.' + encoded(iv);
  out += '.' + encoded(made.cipher);
  out += '.' + encoded(made.tag);
  return out;
}

std::string_view to_string(JweError error) {
  switch (error) {
    case JweError::malformed:
      return "malformed";
    case JweError::too_large:
      return "too_large";
    case JweError::bad_header:
      return "bad_header";
    case JweError::unknown_critical:
      return "unknown_critical";
    case JweError::wrong_algorithm:
      return "wrong_algorithm";
    case JweError::failed:
      return "failed";
  }
  return "";
}

std::expected<DecryptedJwe, JweError> decrypt_jwe(std::string_view compact,
                                                  const DecryptionKey& key, KeyAlg alg,
                                                  ContentEnc enc) {
  if (compact.size() > kMaxBytes) return std::unexpected(JweError::too_large);
  const auto parts = split(compact);
  if (!parts) return std::unexpected(JweError::malformed);
  auto header = read_header(parts->front());
  if (!header) return std::unexpected(header.error());
  if (const auto fault = header_fault(*header, alg, enc)) return std::unexpected(*fault);
  if (!key.fits(alg)) return std::unexpected(JweError::wrong_algorithm);
  const auto& own = key.body();
  std::optional<Ephemeral> ephemeral;
  if (own.curve) {
    ephemeral = read_ephemeral(*header, *own.curve);
    if (!ephemeral) return std::unexpected(JweError::bad_header);
  }
  const auto body = read_body(*parts);
  if (!body) return std::unexpected(JweError::malformed);
  const auto content_key =
      receive_content_key(own, alg, enc, ephemeral ? &*ephemeral : nullptr, body->encrypted_key);
  auto plain =
      decrypt_content(enc, content_key.view(), body->iv, parts->front(), body->cipher, body->tag);
  if (!plain) return std::unexpected(JweError::failed);
  return DecryptedJwe{std::move(*header), std::move(*plain)};
}

}  // namespace claviger::crypto
