#include "admin/key_rotation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "admin/sealed_keys.hpp"
#include "base/reasons/admin.hpp"

namespace claviger::admin {

namespace {

// A token that was signed a moment before the change must verify until its end, on clocks that
// differ.
constexpr std::chrono::seconds kClockAllowance{3600};

std::chrono::seconds longest_life(const Deps& deps) {
  return std::max(deps.policy.access_token_ttl, deps.policy.id_token_ttl) + kClockAllowance;
}

Task<void> reload(const Deps& deps) {
  auto ring = co_await load_key_ring(deps.store, deps.master);
  deps.keys.replace(std::move(ring));
}

Task<std::optional<crypto::PrivateKey>> generate(const Deps& deps, crypto::Alg alg) {
  auto make = [alg] { return crypto::PrivateKey::generate(alg); };
  co_return co_await run_on(deps.hashing, std::move(make));
}

Task<Result<ServerKey>> activate(const Deps& deps, ServerKey pending) {
  const Time now = deps.clock.now();
  const bool ours =
      co_await deps.store.server_keys.activate(pending, now, now + longest_life(deps));
  if (!ours) co_return refused(reason::admin_key_changed, {}, pending.kid);
  pending.active_from = now;
  co_await reload(deps);
  co_return pending;
}

std::string fingerprint_of(const std::vector<ServerKey>& keys) {
  std::string text;
  for (const auto& key : keys) {
    text +=
        fmt::format("{} {} {}\n", key.kid, to_micros(key.active_from), to_micros(key.retires_at));
  }
  return text;
}

bool is_due(const ServerKey& key, Time now, std::chrono::seconds rotate_every) {
  const bool newest_signing = key.purpose == KeyPurpose::signing && key.retires_at == Time{};
  return newest_signing && rotate_every.count() > 0 && key.created_at + rotate_every <= now;
}

}  // namespace

Task<Result<ServerKey>> rotate_signing_key(const Deps& deps, crypto::Alg alg, bool at_once,
                                           std::string seen) {
  const auto keys = co_await deps.store.server_keys.all();
  const auto* newest = newest_of(keys, KeyPurpose::signing, crypto::to_string(alg));
  if (!seen.empty() && (newest == nullptr || newest->kid != seen)) {
    co_return refused(reason::admin_key_changed, {}, seen);
  }
  if (at_once && newest != nullptr && newest->active_from > deps.clock.now()) {
    co_return co_await activate(deps, *newest);
  }
  const auto made = co_await generate(deps, alg);
  if (!made) co_return refused(reason::admin_hashing_busy);
  const Time now = deps.clock.now();
  // The first of its algorithm has nobody to wait for.
  const bool waits = !at_once && newest != nullptr;
  const Time active_from = waits ? now + deps.publish_ahead : now;
  auto key = seal_signing_key(*made, deps.master, now, active_from, deps.random);
  if (newest == nullptr) {
    std::vector<ServerKey> first{key};
    co_await deps.store.server_keys.rotate(std::move(first), now);
  } else {
    const Time retires_at = active_from + longest_life(deps);
    const bool ours = co_await deps.store.server_keys.replace(newest->kid, key, retires_at);
    if (!ours) co_return refused(reason::admin_key_changed, {}, newest->kid);
  }
  co_await reload(deps);
  co_return key;
}

Task<Result<ServerKey>> revoke_signing_key(const Deps& deps, std::string kid) {
  co_await reload(deps);
  const auto before = co_await deps.store.server_keys.all();
  const auto found = std::ranges::find(before, kid, &ServerKey::kid);
  const auto alg = found == before.end() ? std::nullopt : crypto::parse_alg(found->alg);
  if (!alg || found->purpose != KeyPurpose::signing) {
    co_return refused(reason::admin_key_unknown, {}, kid.substr(0, 64));
  }
  // Made in any case: between reading and writing the key may have become the last of its kind.
  const auto made = co_await generate(deps, *alg);
  if (!made) co_return refused(reason::admin_hashing_busy);
  const Time now = deps.clock.now();
  const auto* signs = deps.keys.current()->signing_key(*alg, now);
  const bool signed_last = signs != nullptr && signs->kid() == kid;
  auto replacement = seal_signing_key(*made, deps.master, now, now, deps.random);
  const bool ended = co_await deps.store.server_keys.revoke(kid, replacement, signed_last, now);
  if (!ended) co_return refused(reason::admin_key_unknown, {}, kid.substr(0, 64));
  co_await reload(deps);
  const auto* next = deps.keys.current()->signing_key(*alg, now);
  const auto after = co_await deps.store.server_keys.all();
  const auto row = std::ranges::find(after, next == nullptr ? "" : next->kid(), &ServerKey::kid);
  if (row == after.end()) throw std::logic_error("no key signs after a revocation");
  co_return *row;
}

Task<KeyRound> keep_keys(const Deps& deps, std::chrono::seconds rotate_every) {
  KeyRound round;
  const auto before = co_await deps.store.server_keys.all();
  for (const auto& key : before) {
    const auto alg = crypto::parse_alg(key.alg);
    if (!alg || !is_due(key, deps.clock.now(), rotate_every)) continue;
    auto rotated = co_await rotate_signing_key(deps, *alg, false, key.kid);
    if (rotated) round.rotated.push_back(std::move(*rotated));
  }
  const Time now = deps.clock.now();
  const bool any_retired = std::ranges::any_of(before, [&](const ServerKey& key) {
    return key.retires_at != Time{} && key.retires_at < now;
  });
  if (any_retired) round.removed = co_await deps.store.server_keys.remove_retired(now);
  co_return round;
}

Task<std::string> load_changed_keys(const Deps& deps, std::string known) {
  const auto keys = co_await deps.store.server_keys.all();
  auto fingerprint = fingerprint_of(keys);
  if (fingerprint != known) deps.keys.replace(open_keys(keys, deps.master));
  co_return fingerprint;
}

}  // namespace claviger::admin
