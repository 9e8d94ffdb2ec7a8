#include "crypto/key_encryption.hpp"

#include <openssl/rsa.h>

#include <array>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "crypto/content_encryption.hpp"
#include "crypto/jwk.hpp"
#include "crypto/system_random.hpp"

namespace claviger::crypto {
namespace {

constexpr std::size_t kWrapOverhead = 8;  // RFC3394-2.2.1

struct Wrap {
  const char* cipher;
  std::size_t key;
};
constexpr std::array kWraps{Wrap{"AES-128-WRAP", 16}, Wrap{"AES-192-WRAP", 24},
                            Wrap{"AES-256-WRAP", 32}};

std::size_t wrap_of(KeyAlg alg) {
  return static_cast<std::size_t>(alg) - static_cast<std::size_t>(KeyAlg::ecdh_es_a128kw);
}

CipherCtx make_wrap(KeyAlg alg, ByteView key, bool wrapping) {
  static const auto algorithms = [] {
    std::array<EVP_CIPHER*, kWraps.size()> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = EVP_CIPHER_fetch(nullptr, kWraps[i].cipher, nullptr);
      must(out[i] != nullptr, kWraps[i].cipher);
    }
    return out;
  }();
  auto ctx = owned<CipherCtx>(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new");
  EVP_CIPHER_CTX_set_flags(ctx.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  must(EVP_CipherInit_ex2(ctx.get(), algorithms[wrap_of(alg)], key.data(), nullptr,
                          wrapping ? 1 : 0, nullptr) == 1,
       "AES Key Wrap");
  return ctx;
}

Bytes wrap(KeyAlg alg, ByteView under, ByteView key) {
  const auto ctx = make_wrap(alg, under, true);
  Bytes out(key.size() + 2 * kWrapOverhead);
  int length = 0;
  must(EVP_CipherUpdate(ctx.get(), out.data(), &length, key.data(), static_cast<int>(key.size())) ==
           1,
       "AES Key Wrap");
  out.resize(static_cast<std::size_t>(length));
  return out;
}

// True when `out` was filled to its end.
bool unwrap(KeyAlg alg, ByteView under, ByteView encrypted, std::span<std::uint8_t> out) {
  if (encrypted.size() != out.size() + kWrapOverhead) return false;
  const auto ctx = make_wrap(alg, under, false);
  Wiped plain(encrypted.size() + kWrapOverhead);
  int length = 0;
  if (EVP_CipherUpdate(ctx.get(), plain.out().data(), &length, encrypted.data(),
                       static_cast<int>(encrypted.size())) != 1 ||
      static_cast<std::size_t>(length) != out.size()) {
    return false;
  }
  std::ranges::copy(plain.view().first(out.size()), out.begin());
  return true;
}

PkeyCtx make_oaep(EVP_PKEY* key, bool encrypting) {
  auto ctx = owned<PkeyCtx>(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr), "EVP_PKEY_CTX_new");
  auto* const c = ctx.get();
  must((encrypting ? EVP_PKEY_encrypt_init(c) : EVP_PKEY_decrypt_init(c)) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_OAEP_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(c, sha256_algorithm()) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(c, sha256_algorithm()) == 1,
       "RSA-OAEP-256");
  return ctx;
}

Bytes encrypt_oaep(EVP_PKEY* key, ByteView plain) {
  const auto ctx = make_oaep(key, true);
  Bytes out(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  std::size_t length = out.size();
  must(EVP_PKEY_encrypt(ctx.get(), out.data(), &length, plain.data(), plain.size()) == 1 &&
           length == out.size(),
       "RSA-OAEP-256");
  return out;
}

bool decrypt_oaep(EVP_PKEY* key, ByteView encrypted, std::span<std::uint8_t> out) {
  const auto size = static_cast<std::size_t>(EVP_PKEY_get_size(key));
  if (encrypted.size() != size) return false;
  const auto ctx = make_oaep(key, false);
  Wiped plain(size);
  std::size_t length = plain.size();
  if (EVP_PKEY_decrypt(ctx.get(), plain.out().data(), &length, encrypted.data(),
                       encrypted.size()) != 1 ||
      length != out.size()) {
    return false;
  }
  std::ranges::copy(plain.view().first(out.size()), out.begin());
  return true;
}

// What the secret is stretched to: the content key itself, or the key that wraps it. Each is bound
// to the name of what it is for (RFC7518-4.6.2).
Wiped derive_for(KeyAlg alg, ContentEnc enc, ByteView z, ByteView apu, ByteView apv) {
  if (alg == KeyAlg::ecdh_es) {
    return derive_key(z, to_string(enc), apu, apv, content_key_bytes(enc));
  }
  return derive_key(z, to_string(alg), apu, apv, kWraps[wrap_of(alg)].key);
}

bool receive(const JweKey& own, KeyAlg alg, ContentEnc enc, const Ephemeral* ephemeral,
             ByteView encrypted, std::span<std::uint8_t> out) {
  if (alg == KeyAlg::rsa_oaep_256) return decrypt_oaep(own.key.get(), encrypted, out);
  const auto z = agree(own.key.get(), ephemeral->point.get());
  if (!z) return false;
  const auto derived = derive_for(alg, enc, z->view(), ephemeral->apu, ephemeral->apv);
  if (alg != KeyAlg::ecdh_es) return unwrap(alg, derived.view(), encrypted, out);
  std::ranges::copy(derived.view(), out.begin());
  return encrypted.empty();
}

std::optional<Bytes> read_party(const boost::json::object& header, std::string_view name) {
  if (!header.contains(name)) return Bytes();
  const auto text = json_text(header, name);
  return text ? base64url_decode(*text) : std::nullopt;
}

}  // namespace

// The ephemeral key comes from OpenSSL's own generator: it knows how to draw a scalar evenly.
SentKey send_content_key(const JweKey& recipient, KeyAlg alg, ContentEnc enc, Random& random) {
  SentKey sent{Wiped(content_key_bytes(enc)), {}, {}};
  if (alg != KeyAlg::ecdh_es) random.fill(sent.key.out());
  if (alg == KeyAlg::rsa_oaep_256) {
    sent.encrypted = encrypt_oaep(recipient.key.get(), sent.key.view());
    return sent;
  }
  const auto own = generate_point(*recipient.curve);
  sent.epk = write_point(*recipient.curve, own.get());
  const auto z = agree(own.get(), recipient.key.get());
  must(z.has_value(), "ECDH");
  auto derived = derive_for(alg, enc, z->view(), {}, {});
  if (alg == KeyAlg::ecdh_es) {
    sent.key = std::move(derived);
  } else {
    sent.encrypted = wrap(alg, derived.view(), sent.key.view());
  }
  return sent;
}

std::optional<Ephemeral> read_ephemeral(const boost::json::object& header, Curve curve) {
  const auto* value = header.if_contains("epk");
  const auto* epk = value ? value->if_object() : nullptr;
  auto apu = read_party(header, "apu");
  auto apv = read_party(header, "apv");
  if (!epk || has_private_member(*epk) || !apu || !apv) return {};
  auto point = read_point(curve, *epk);
  if (!point) return {};
  return Ephemeral{std::move(point), std::move(*apu), std::move(*apv)};
}

Wiped receive_content_key(const JweKey& own, KeyAlg alg, ContentEnc enc, const Ephemeral* ephemeral,
                          ByteView encrypted) {
  Wiped key(content_key_bytes(enc));
  Wiped lot(content_key_bytes(enc));
  SystemRandom().fill(lot.out());  // always, so that it takes no time that tells something
  const bool right = receive(own, alg, enc, ephemeral, encrypted, key.out());
  ERR_clear_error();
  return right ? std::move(key) : std::move(lot);
}

}  // namespace claviger::crypto
