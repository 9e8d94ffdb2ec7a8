// Authenticated encryption of the content of a JWE (RFC7518-5).
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "crypto/encryption_key.hpp"

namespace claviger::crypto {

std::size_t content_key_bytes(ContentEnc enc);
std::size_t iv_bytes(ContentEnc enc);

struct Encrypted {
  Bytes cipher;
  Bytes tag;
};
// `key` and `iv` of the sizes above.
Encrypted encrypt_content(ContentEnc enc, ByteView key, ByteView iv, std::string_view associated,
                          std::string_view plain);
// Nothing when a width, the tag or the padding is wrong; the tag is looked at before the padding.
std::optional<Secret> decrypt_content(ContentEnc enc, ByteView key, ByteView iv,
                                      std::string_view associated, ByteView cipher, ByteView tag);

}  // namespace claviger::crypto
