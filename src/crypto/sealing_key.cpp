#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <limits>

#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"

namespace claviger::crypto {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kMaxBytes = std::numeric_limits<int>::max() / 2;

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

CipherCtx make_context(const Secret& key, ByteView nonce, bool sealing) {
  static EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  must(algorithm != nullptr, "AES-256-GCM");
  auto ctx = owned<CipherCtx>(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new");
  must(EVP_CipherInit_ex2(ctx.get(), algorithm, bytes_of(key.reveal()), nonce.data(),
                          sealing ? 1 : 0, nullptr) == 1,
       "AES-256-GCM");
  return ctx;
}

bool update(EVP_CIPHER_CTX* ctx, std::uint8_t* out, ByteView in) {
  int written = 0;
  if (in.empty()) return true;
  return EVP_CipherUpdate(ctx, out, &written, in.data(), static_cast<int>(in.size())) == 1;
}

}  // namespace

std::optional<SealingKey> SealingKey::from_bytes(ByteView key) {
  if (key.size() != kKeyBytes) return {};
  SealingKey out;
  out.key_ = Secret(as_text(key));
  return out;
}

Bytes SealingKey::seal(ByteView plain, std::string_view associated, Random& random) const {
  must(plain.size() <= kMaxBytes && associated.size() <= kMaxBytes, "too long to be sealed");
  Bytes out(kNonceBytes + plain.size() + kTagBytes);
  const auto nonce = std::span(out).first(kNonceBytes);
  random.fill(nonce);
  const auto ctx = make_context(key_, nonce, true);
  auto* const cipher = out.data() + kNonceBytes;
  auto* const tag = cipher + plain.size();
  int written = 0;
  must(update(ctx.get(), nullptr, as_bytes(associated)) && update(ctx.get(), cipher, plain) &&
           EVP_CipherFinal_ex(ctx.get(), tag, &written) == 1 &&
           EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1,
       "AES-256-GCM");
  return out;
}

std::optional<Secret> SealingKey::open(ByteView sealed, std::string_view associated) const {
  if (sealed.size() < kNonceBytes + kTagBytes || sealed.size() > kMaxBytes) return {};
  if (associated.size() > kMaxBytes) return {};
  const auto cipher = sealed.subspan(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::array<std::uint8_t, kTagBytes> tag{};
  std::ranges::copy(sealed.last(kTagBytes), tag.begin());
  const auto ctx = make_context(key_, sealed.first(kNonceBytes), false);
  Bytes plain(cipher.size() + 1);
  int written = 0;
  const bool right =
      update(ctx.get(), nullptr, as_bytes(associated)) && update(ctx.get(), plain.data(), cipher) &&
      EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_CipherFinal_ex(ctx.get(), plain.data() + cipher.size(), &written) == 1;
  std::optional<Secret> out;
  if (right) out.emplace(as_text(ByteView(plain).first(cipher.size())));
  OPENSSL_cleanse(plain.data(), plain.size());
  if (!right) ERR_clear_error();
  return out;
}

Digest SealingKey::derive(std::string_view purpose) const {
  static EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  must(algorithm != nullptr, "HKDF");
  const auto ctx = owned<KdfCtx>(EVP_KDF_CTX_new(algorithm), "EVP_KDF_CTX_new");
  char name[] = "SHA2-256";
  const auto octets = [](const char* param, std::string_view text) {
    return OSSL_PARAM_construct_octet_string(param, const_cast<char*>(text.data()), text.size());
  };
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name, 0),
      octets(OSSL_KDF_PARAM_KEY, key_.reveal()),
      octets(OSSL_KDF_PARAM_INFO, purpose),
      OSSL_PARAM_construct_end(),
  };
  Digest out{};
  must(EVP_KDF_derive(ctx.get(), out.data(), out.size(), params) == 1, "HKDF");
  return out;
}

}  // namespace claviger::crypto
