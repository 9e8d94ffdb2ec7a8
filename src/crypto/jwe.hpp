// JWE in compact form (RFC7516-3.1), and nothing else.
#pragma once
#include <boost/json.hpp>
#include <expected>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/secret.hpp"
#include "crypto/encryption_key.hpp"

namespace claviger::crypto {

// Header members: alg, enc, kid (when the key has one), cty (when not empty), epk for ECDH-ES.
// `key` fits `alg`.
std::string encrypt_jwe(const EncryptionKey& key, KeyAlg alg, ContentEnc enc, std::string_view cty,
                        std::string_view plain, Random& random);

enum class JweError { malformed, too_large, bad_header, unknown_critical, wrong_algorithm, failed };
std::string_view to_string(JweError error);

struct DecryptedJwe {
  boost::json::object header;
  Secret plain;
};
// One error, `failed`, for everything that goes wrong behind the header: key, tag, padding
// (RFC7516-11.5).
std::expected<DecryptedJwe, JweError> decrypt_jwe(std::string_view compact,
                                                  const DecryptionKey& key, KeyAlg alg,
                                                  ContentEnc enc);

}  // namespace claviger::crypto
