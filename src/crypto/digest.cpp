#include "crypto/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include "crypto/openssl.hpp"

namespace claviger::crypto {
namespace {

EVP_MD_CTX* thread_digest() {
  thread_local const auto ctx = owned<MdCtx>(EVP_MD_CTX_new(), "EVP_MD_CTX_new");
  return ctx.get();
}

MacCtx make_hmac() {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  must(algorithm != nullptr, "HMAC");
  auto ctx = owned<MacCtx>(EVP_MAC_CTX_new(algorithm), "EVP_MAC_CTX_new");
  char name[] = "SHA2-256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
      OSSL_PARAM_construct_end(),
  };
  must(EVP_MAC_CTX_set_params(ctx.get(), params) == 1, "EVP_MAC_CTX_set_params");
  return ctx;
}

}  // namespace

const EVP_MD* sha256_algorithm() {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  must(algorithm != nullptr, "SHA2-256");
  return algorithm;
}

Digest sha256(ByteView data) {
  auto* const ctx = thread_digest();
  Digest out{};
  unsigned length = 0;
  must(EVP_DigestInit_ex2(ctx, sha256_algorithm(), nullptr) == 1 &&
           EVP_DigestUpdate(ctx, data.data(), data.size()) == 1 &&
           EVP_DigestFinal_ex(ctx, out.data(), &length) == 1 && length == out.size(),
       "SHA-256");
  return out;
}

Digest hmac_sha256(ByteView key, ByteView data) {
  thread_local const auto ctx = make_hmac();
  // A null key means "the one of last time" to OpenSSL: an empty view must never say that.
  static constexpr std::uint8_t kNothing = 0;
  const auto* const bytes = key.empty() ? &kNothing : key.data();
  Digest out{};
  std::size_t length = 0;
  must(EVP_MAC_init(ctx.get(), bytes, key.size(), nullptr) == 1 &&
           EVP_MAC_update(ctx.get(), data.data(), data.size()) == 1 &&
           EVP_MAC_final(ctx.get(), out.data(), &length, out.size()) == 1 && length == out.size(),
       "HMAC-SHA-256");
  return out;
}

bool constant_time_equal(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace claviger::crypto
