#include "crypto/import_key.hpp"

#include <openssl/core_names.h>

namespace claviger::crypto {

BigNumber number_of(ByteView bytes) {
  return owned<BigNumber>(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr),
                          "BN_bin2bn");
}

SecretNumber secret_number_of(ByteView bytes) {
  auto number = owned<SecretNumber>(BN_secure_new(), "BN_secure_new");
  must(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), number.get()) != nullptr,
       "BN_bin2bn");
  return number;
}

Pkey import_pkey(const char* type, int selection, OSSL_PARAM_BLD* build) {
  const auto params = owned<Params>(OSSL_PARAM_BLD_to_param(build), "OSSL_PARAM_BLD_to_param");
  const auto ctx =
      owned<PkeyCtx>(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr), "EVP_PKEY_CTX_new");
  EVP_PKEY* key = nullptr;
  must(EVP_PKEY_fromdata_init(ctx.get()) == 1, "EVP_PKEY_fromdata_init");
  if (EVP_PKEY_fromdata(ctx.get(), &key, selection, params.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return Pkey(key);
}

Pkey checked_pair(Pkey key) {
  if (!key) return nullptr;
  const auto check =
      owned<PkeyCtx>(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr), "EVP_PKEY_CTX_new");
  if (EVP_PKEY_check(check.get()) == 1) return key;
  ERR_clear_error();
  return nullptr;
}

Pkey import_rsa(ByteView n, ByteView e) {
  const auto modulus = number_of(n);
  const auto exponent = number_of(e);
  const auto build = owned<ParamBuild>(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new");
  must(OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
           OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1,
       "OSSL_PARAM_BLD_push_BN");
  return import_pkey("RSA", EVP_PKEY_PUBLIC_KEY, build.get());
}

Bytes uncompressed_point(ByteView x, ByteView y) {
  Bytes point{0x04};
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  return point;
}

Pkey import_point(const char* group, ByteView x, ByteView y) {
  const auto point = uncompressed_point(x, y);
  const auto build = owned<ParamBuild>(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new");
  must(OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, 0) == 1 &&
           OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                            point.size()) == 1,
       "OSSL_PARAM_BLD_push");
  auto key = import_pkey("EC", EVP_PKEY_PUBLIC_KEY, build.get());
  if (!key) return nullptr;
  const auto check =
      owned<PkeyCtx>(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr), "EVP_PKEY_CTX_new");
  if (EVP_PKEY_public_check(check.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return key;
}

}  // namespace claviger::crypto
