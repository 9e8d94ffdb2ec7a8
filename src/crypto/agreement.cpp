#include "crypto/agreement.hpp"

#include <openssl/core_names.h>
#include <sodium.h>

#include <array>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "crypto/digest.hpp"
#include "crypto/import_key.hpp"
#include "crypto/jwk.hpp"

namespace claviger::crypto {
namespace {

struct Form {
  Curve curve;
  std::string_view kty;
  const char* crv;  // OpenSSL's name of the group too
  std::size_t width;
};

constexpr std::array kForms{
    Form{Curve::p256, "EC", "P-256", 32}, Form{Curve::p384, "EC", "P-384", 48},
    Form{Curve::p521, "EC", "P-521", 66}, Form{Curve::x25519, "OKP", "X25519", 32}};

const Form& form_of(Curve curve) { return kForms[static_cast<std::size_t>(curve)]; }

std::optional<Bytes> of_width(const boost::json::object& jwk, std::string_view name,
                              std::size_t width) {
  auto bytes = read_octets(jwk, name);
  if (!bytes || bytes->size() != width) return {};
  return bytes;
}

// A point of small order makes the same secret, zero, with every key (RFC8037-3.2, RFC7748-6.1).
bool has_large_order(ByteView point) {
  std::array<std::uint8_t, crypto_scalarmult_curve25519_BYTES> out{};
  std::array<std::uint8_t, crypto_scalarmult_curve25519_SCALARBYTES> any{};
  any.fill(1);
  return crypto_scalarmult_curve25519(out.data(), any.data(), point.data()) == 0;
}

Pkey read_private_x25519(ByteView d, const boost::json::object& jwk) {
  Pkey key(EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", nullptr, d.data(), d.size()));
  must(key != nullptr, "X25519");
  const auto made = write_point(Curve::x25519, key.get());
  if (json_text(made, "x") != json_text(jwk, "x")) return nullptr;
  return key;
}

Pkey read_private_ec(const Form& form, ByteView x, ByteView y, ByteView d) {
  const auto point = uncompressed_point(x, y);
  const auto number = secret_number_of(d);
  const auto build = owned<ParamBuild>(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new");
  must(OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, form.crv, 0) == 1 &&
           OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                            point.size()) == 1 &&
           OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get()) == 1,
       "OSSL_PARAM_BLD_push");
  return checked_pair(import_pkey("EC", EVP_PKEY_KEYPAIR, build.get()));
}

void put_length(Bytes& out, std::size_t length) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(length >> shift));
  }
}

void put(Bytes& out, ByteView part) {
  put_length(out, part.size());
  out.insert(out.end(), part.begin(), part.end());
}

}  // namespace

std::optional<Curve> curve_of(const boost::json::object& jwk) {
  const auto kty = json_text(jwk, "kty");
  const auto crv = json_text(jwk, "crv");
  for (const auto& form : kForms) {
    if (kty == form.kty && crv == std::string_view(form.crv)) return form.curve;
  }
  return {};
}

Pkey read_point(Curve curve, const boost::json::object& jwk) {
  const auto& form = form_of(curve);
  if (curve_of(jwk) != curve) return nullptr;
  const auto x = of_width(jwk, "x", form.width);
  if (!x) return nullptr;
  if (curve == Curve::x25519) {
    if (!has_large_order(*x)) return nullptr;
    return Pkey(EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, x->data(), x->size()));
  }
  const auto y = of_width(jwk, "y", form.width);
  return y ? import_point(form.crv, *x, *y) : nullptr;
}

Pkey read_private_point(Curve curve, const boost::json::object& jwk) {
  const auto& form = form_of(curve);
  auto d = of_width(jwk, "d", form.width);
  const Wiped secret(std::move(d).value_or(Bytes()));
  if (secret.size() == 0 || !read_point(curve, jwk)) return nullptr;
  if (curve == Curve::x25519) return read_private_x25519(secret.view(), jwk);
  return read_private_ec(form, *read_octets(jwk, "x"), *read_octets(jwk, "y"), secret.view());
}

boost::json::object write_point(Curve curve, const EVP_PKEY* key) {
  const auto& form = form_of(curve);
  const bool has_y = curve != Curve::x25519;
  Bytes point(has_y ? 1 + 2 * form.width : form.width);  // 0x04, x, y; or u alone
  std::size_t length = 0;
  must(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                       &length) == 1 &&
           length == point.size(),
       "the point of a key");
  const auto all = ByteView(point);
  boost::json::object out{{"kty", form.kty}, {"crv", form.crv}};
  out["x"] = base64url_encode(has_y ? all.subspan(1, form.width) : all);
  if (has_y) out["y"] = base64url_encode(all.last(form.width));
  return out;
}

Pkey generate_point(Curve curve) {
  if (curve == Curve::x25519) {
    return owned<Pkey>(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"), "X25519");
  }
  return owned<Pkey>(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", form_of(curve).crv), "EC");
}

std::optional<Wiped> agree(EVP_PKEY* own, EVP_PKEY* peer) {
  const auto ctx =
      owned<PkeyCtx>(EVP_PKEY_CTX_new_from_pkey(nullptr, own, nullptr), "EVP_PKEY_CTX_new");
  std::size_t length = 0;
  if (EVP_PKEY_derive_init(ctx.get()) != 1 || EVP_PKEY_derive_set_peer(ctx.get(), peer) != 1 ||
      EVP_PKEY_derive(ctx.get(), nullptr, &length) != 1) {
    ERR_clear_error();
    return {};
  }
  Wiped z(length);
  if (EVP_PKEY_derive(ctx.get(), z.out().data(), &length) != 1 || length != z.size()) {
    ERR_clear_error();
    return {};
  }
  return z;
}

Wiped derive_key(ByteView z, std::string_view id, ByteView apu, ByteView apv, std::size_t bytes) {
  static EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "SSKDF", nullptr);
  must(algorithm != nullptr, "SSKDF");
  const auto ctx = owned<KdfCtx>(EVP_KDF_CTX_new(algorithm), "EVP_KDF_CTX_new");
  Bytes info;
  put(info, as_bytes(id));
  put(info, apu);
  put(info, apv);
  put_length(info, bytes * 8);
  char name[] = "SHA2-256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<std::uint8_t*>(z.data()),
                                        z.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end(),
  };
  Wiped key(bytes);
  must(EVP_KDF_derive(ctx.get(), key.out().data(), key.size(), params) == 1, "Concat KDF");
  return key;
}

}  // namespace claviger::crypto
