// What stands behind a PublicKey: shared, never changed after it was imported.
#pragma once
#include <cstdint>
#include <string>

#include "crypto/jwk.hpp"
#include "crypto/key.hpp"
#include "crypto/openssl.hpp"

namespace claviger::crypto {

struct PublicKey::Body {
  Pkey key;
  PublicParts parts;
  std::string kid;
  std::string thumbprint;
  std::uint64_t serial;

  // make_shared can't brace-initialise an aggregate with this standard library.
  Body(Pkey k, PublicParts p, std::string id, std::string print, std::uint64_t number)
      : key(std::move(k)),
        parts(std::move(p)),
        kid(std::move(id)),
        thumbprint(std::move(print)),
        serial(number) {}
};

}  // namespace claviger::crypto
