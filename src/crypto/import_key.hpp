// The numbers of a key, put into OpenSSL's hands. Nothing when they make no key.
#pragma once
#include "base/bytes.hpp"
#include "crypto/openssl.hpp"

namespace claviger::crypto {

using SecretNumber = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;

BigNumber number_of(ByteView bytes);
SecretNumber secret_number_of(ByteView bytes);  // what is made of it is wiped when freed

// `selection` is EVP_PKEY_PUBLIC_KEY or EVP_PKEY_KEYPAIR.
Pkey import_pkey(const char* type, int selection, OSSL_PARAM_BLD* build);

// The key, when its two halves belong together.
Pkey checked_pair(Pkey key);

// The caller has judged size and parity of both. OpenSSL's own check would look whether `n` is a
// prime: up to a quarter of a second for a number that a stranger chose, and to nobody's good.
Pkey import_rsa(ByteView n, ByteView e);
// A point of `group` (P-256, P-384, P-521), on the curve and not at infinity.
Pkey import_point(const char* group, ByteView x, ByteView y);
Bytes uncompressed_point(ByteView x, ByteView y);

}  // namespace claviger::crypto
