#include "crypto/ready_key.hpp"

#include <openssl/rsa.h>

#include <algorithm>
#include <atomic>
#include <vector>

namespace claviger::crypto {
namespace {

constexpr std::size_t kKeptPerThread = 32;

struct Entry {
  Operation operation;
  std::uint64_t serial;
  std::weak_ptr<const void> owner;
  ReadyKey context;
};

void set_padding(EVP_PKEY_CTX* ctx, Alg alg) {
  if (alg == Alg::RS256) {
    must(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1, "PKCS#1 v1.5");
  } else if (alg == Alg::PS256) {
    // The salt is exactly as long as the digest (RFC7518-3.5).
    must(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1 &&
             EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, sha256_algorithm()) == 1,
         "PSS");
  }
}

ReadyKey make(Operation operation, EVP_PKEY* key, Alg alg) {
  const bool sign = operation == Operation::sign;
  ReadyKey made;
  if (alg == Alg::EdDSA) {
    made.over_message = owned<MdCtx>(EVP_MD_CTX_new(), "EVP_MD_CTX_new");
    made.scratch = owned<MdCtx>(EVP_MD_CTX_new(), "EVP_MD_CTX_new");
    const auto init = sign ? EVP_DigestSignInit : EVP_DigestVerifyInit;
    must(init(made.over_message.get(), nullptr, nullptr, nullptr, key) == 1, "Ed25519");
    return made;
  }
  made.over_digest =
      owned<PkeyCtx>(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr), "EVP_PKEY_CTX_new");
  auto* const ctx = made.over_digest.get();
  must((sign ? EVP_PKEY_sign_init(ctx) : EVP_PKEY_verify_init(ctx)) == 1, "EVP_PKEY init");
  set_padding(ctx, alg);
  must(EVP_PKEY_CTX_set_signature_md(ctx, sha256_algorithm()) == 1, "signature digest");
  return made;
}

void make_room(std::vector<Entry>& entries) {
  std::erase_if(entries, [](const Entry& entry) { return entry.owner.expired(); });
  if (entries.size() >= kKeptPerThread) entries.erase(entries.begin());
}

}  // namespace

ReadyKey& ready_key(Operation operation, std::uint64_t serial,
                    const std::shared_ptr<const void>& owner, EVP_PKEY* key, Alg alg) {
  thread_local std::vector<Entry> entries;
  for (auto& entry : entries) {
    if (entry.serial == serial && entry.operation == operation) return entry.context;
  }
  auto made = make(operation, key, alg);
  make_room(entries);
  entries.push_back({operation, serial, owner, std::move(made)});
  return entries.back().context;
}

std::uint64_t next_serial() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace claviger::crypto
