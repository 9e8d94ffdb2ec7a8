#include "crypto/content_encryption.hpp"

#include <array>
#include <limits>

#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"
#include "crypto/wiped.hpp"

namespace claviger::crypto {
namespace {

constexpr std::size_t kBlock = 16;
constexpr std::size_t kMaxBytes = std::numeric_limits<int>::max() / 2;

struct Form {
  const char* cipher;
  std::size_t key;
  std::size_t iv;
  std::size_t tag;
};

constexpr std::array kForms{
    Form{"AES-128-GCM", 16, 12, 16}, Form{"AES-256-GCM", 32, 12, 16},   // RFC7518-5.3
    Form{"AES-128-CBC", 32, 16, 16}, Form{"AES-256-CBC", 64, 16, 32}};  // RFC7518-5.2

const Form& form_of(ContentEnc enc) { return kForms[static_cast<std::size_t>(enc)]; }

bool is_gcm(ContentEnc enc) { return enc == ContentEnc::a128gcm || enc == ContentEnc::a256gcm; }

EVP_CIPHER* fetched(ContentEnc enc) {
  static const auto all = [] {
    std::array<EVP_CIPHER*, kForms.size()> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = EVP_CIPHER_fetch(nullptr, kForms[i].cipher, nullptr);
      must(out[i] != nullptr, kForms[i].cipher);
    }
    return out;
  }();
  return all[static_cast<std::size_t>(enc)];
}

CipherCtx make_context(ContentEnc enc, ByteView key, ByteView iv, bool encrypting) {
  auto ctx = owned<CipherCtx>(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new");
  must(EVP_CipherInit_ex2(ctx.get(), fetched(enc), key.data(), iv.data(), encrypting ? 1 : 0,
                          nullptr) == 1,
       form_of(enc).cipher);
  return ctx;
}

bool update(EVP_CIPHER_CTX* ctx, std::uint8_t* out, ByteView in, std::size_t& written) {
  if (in.empty()) return true;
  int length = 0;
  if (EVP_CipherUpdate(ctx, out, &length, in.data(), static_cast<int>(in.size())) != 1) {
    return false;
  }
  written += static_cast<std::size_t>(length);
  return true;
}

bool finish(EVP_CIPHER_CTX* ctx, std::uint8_t* out, std::size_t& written) {
  int length = 0;
  if (EVP_CipherFinal_ex(ctx, out + written, &length) != 1) return false;
  written += static_cast<std::size_t>(length);
  return true;
}

Encrypted encrypt_gcm(ContentEnc enc, ByteView key, ByteView iv, std::string_view associated,
                      std::string_view plain) {
  const auto ctx = make_context(enc, key, iv, true);
  Encrypted out{Bytes(plain.size() + kBlock), Bytes(form_of(enc).tag)};
  std::size_t ignored = 0;
  std::size_t written = 0;
  must(update(ctx.get(), nullptr, as_bytes(associated), ignored) &&
           update(ctx.get(), out.cipher.data(), as_bytes(plain), written) &&
           finish(ctx.get(), out.cipher.data(), written) &&
           EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(out.tag.size()),
                               out.tag.data()) == 1,
       "AES-GCM");
  out.cipher.resize(written);
  return out;
}

std::optional<Secret> decrypt_gcm(ContentEnc enc, ByteView key, ByteView iv,
                                  std::string_view associated, ByteView cipher, ByteView tag) {
  const auto ctx = make_context(enc, key, iv, false);
  Wiped plain(cipher.size() + kBlock);
  Bytes expected(tag.begin(), tag.end());  // OpenSSL wants it writable
  std::size_t ignored = 0;
  std::size_t written = 0;
  if (!update(ctx.get(), nullptr, as_bytes(associated), ignored) ||
      !update(ctx.get(), plain.out().data(), cipher, written) ||
      EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(expected.size()),
                          expected.data()) != 1 ||
      !finish(ctx.get(), plain.out().data(), written)) {
    ERR_clear_error();
    return {};
  }
  return Secret(as_text(plain.view().first(written)));
}

// The MAC of RFC7518-5.2.2.1: associated data, IV, ciphertext, and the length of the first in bits;
// its left half is the tag.
Bytes tag_of(ContentEnc enc, ByteView mac_key, ByteView iv, std::string_view associated,
             ByteView cipher) {
  const auto head = as_bytes(associated);
  Bytes data(head.begin(), head.end());
  data.insert(data.end(), iv.begin(), iv.end());
  data.insert(data.end(), cipher.begin(), cipher.end());
  const auto bits = static_cast<std::uint64_t>(associated.size()) * 8;
  for (int shift = 56; shift >= 0; shift -= 8) {
    data.push_back(static_cast<std::uint8_t>(bits >> shift));
  }
  const auto width = static_cast<std::ptrdiff_t>(form_of(enc).tag);
  if (enc == ContentEnc::a128cbc_hs256) {
    const auto mac = hmac_sha256(mac_key, data);
    return Bytes(mac.begin(), mac.begin() + width);
  }
  const auto mac = hmac_sha512(mac_key, data);
  return Bytes(mac.begin(), mac.begin() + width);
}

Encrypted encrypt_cbc(ContentEnc enc, ByteView key, ByteView iv, std::string_view associated,
                      std::string_view plain) {
  const auto half = key.size() / 2;
  const auto ctx = make_context(enc, key.last(half), iv, true);
  Encrypted out{Bytes(plain.size() + kBlock), {}};
  std::size_t written = 0;
  must(update(ctx.get(), out.cipher.data(), as_bytes(plain), written) &&
           finish(ctx.get(), out.cipher.data(), written),
       "AES-CBC");
  out.cipher.resize(written);
  out.tag = tag_of(enc, key.first(half), iv, associated, out.cipher);
  return out;
}

// Before the tag is proven nothing is decrypted: there is no padding to ask questions about.
std::optional<Secret> decrypt_cbc(ContentEnc enc, ByteView key, ByteView iv,
                                  std::string_view associated, ByteView cipher, ByteView tag) {
  const auto half = key.size() / 2;
  const auto right = tag_of(enc, key.first(half), iv, associated, cipher);
  if (!constant_time_equal(right, tag)) return {};
  const auto ctx = make_context(enc, key.last(half), iv, false);
  Wiped plain(cipher.size() + kBlock);
  std::size_t written = 0;
  if (!update(ctx.get(), plain.out().data(), cipher, written) ||
      !finish(ctx.get(), plain.out().data(), written)) {
    ERR_clear_error();
    return {};
  }
  return Secret(as_text(plain.view().first(written)));
}

}  // namespace

std::size_t content_key_bytes(ContentEnc enc) { return form_of(enc).key; }
std::size_t iv_bytes(ContentEnc enc) { return form_of(enc).iv; }

Encrypted encrypt_content(ContentEnc enc, ByteView key, ByteView iv, std::string_view associated,
                          std::string_view plain) {
  const auto& form = form_of(enc);
  must(key.size() == form.key && iv.size() == form.iv && plain.size() <= kMaxBytes &&
           associated.size() <= kMaxBytes,
       "what is to be encrypted");
  const auto encrypt = is_gcm(enc) ? encrypt_gcm : encrypt_cbc;
  return encrypt(enc, key, iv, associated, plain);
}

// A shorter tag is easier to guess, and an IV of another width is another GCM (JO-16).
std::optional<Secret> decrypt_content(ContentEnc enc, ByteView key, ByteView iv,
                                      std::string_view associated, ByteView cipher, ByteView tag) {
  const auto& form = form_of(enc);
  if (key.size() != form.key || iv.size() != form.iv || tag.size() != form.tag) return {};
  if (cipher.size() > kMaxBytes || associated.size() > kMaxBytes) return {};
  const auto decrypt = is_gcm(enc) ? decrypt_gcm : decrypt_cbc;
  return decrypt(enc, key, iv, associated, cipher, tag);
}

}  // namespace claviger::crypto
