#include "crypto/mac_key.hpp"

#include <vector>

#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"
#include "crypto/ready_key.hpp"

namespace claviger::crypto {

struct MacKey::Body {
  Wiped key;
  std::uint64_t serial;
};

namespace {

constexpr std::size_t kKeptPerThread = 32;

struct Entry {
  std::uint64_t serial;
  std::weak_ptr<const void> owner;
  MacCtx context;
};

// The calling thread's context under this key. It can't outlive a change of it: a key never
// changes, another one has another serial, and serials are never reused. What was kept for a key
// that is gone is wiped by OpenSSL as the next one comes.
EVP_MAC_CTX* ready_context(std::uint64_t serial, const std::shared_ptr<const void>& owner,
                           ByteView key) {
  thread_local std::vector<Entry> entries;
  for (const auto& entry : entries) {
    if (entry.serial == serial) return entry.context.get();
  }
  std::erase_if(entries, [](const Entry& entry) { return entry.owner.expired(); });
  if (entries.size() >= kKeptPerThread) entries.erase(entries.begin());
  auto made = keyed_hmac_sha256(key);
  entries.push_back({serial, owner, std::move(made)});
  return entries.back().context.get();
}

}  // namespace

MacKey::MacKey(ByteView key)
    : body_(std::make_shared<const Body>(Wiped(Bytes(key.begin(), key.end())), next_serial())) {}

Digest MacKey::mac(ByteView data) const {
  auto* const ctx = ready_context(body_->serial, body_, body_->key.view());
  Digest out{};
  std::size_t length = 0;
  // No key here means "the one of last time": it starts anew from what was hashed of it then.
  must(EVP_MAC_init(ctx, nullptr, 0, nullptr) == 1 &&
           EVP_MAC_update(ctx, data.data(), data.size()) == 1 &&
           EVP_MAC_final(ctx, out.data(), &length, out.size()) == 1 && length == out.size(),
       "HMAC");
  return out;
}

}  // namespace claviger::crypto
