#include <stdexcept>

#include "admin/arguments.hpp"
#include "admin/key_rotation.hpp"
#include "admin/nouns.hpp"
#include "admin/sealed_keys.hpp"
#include "admin/show.hpp"
#include "base/reasons/admin.hpp"

namespace claviger::admin {

namespace json = boost::json;

Task<std::shared_ptr<const crypto::KeyRing>> load_key_ring(store::Store& store,
                                                           const crypto::SealingKey& master) {
  const auto keys = co_await store.server_keys.all();
  co_return open_keys(keys, master);
}

Task<void> ensure_keys(store::Store& store, const crypto::SealingKey& master,
                       std::vector<std::string> algs, const Clock& clock, Random& random) {
  const auto keys = co_await store.server_keys.all();
  const Time now = clock.now();
  std::vector<ServerKey> missing;
  algs.emplace_back("RS256");
  for (const auto& alg : algs) {
    const auto parsed = crypto::parse_alg(alg);
    if (!parsed) throw std::runtime_error("no key can be made for the algorithm " + alg);
    if (newest_of(keys, KeyPurpose::signing, alg) != nullptr) continue;
    if (newest_of(missing, KeyPurpose::signing, alg) != nullptr) continue;
    const auto made = crypto::PrivateKey::generate(*parsed);
    missing.push_back(seal_signing_key(made, master, now, now, random));
  }
  for (const auto purpose : {KeyPurpose::refresh_mac, KeyPurpose::secret_hash}) {
    if (newest_of(keys, purpose, "HS256") == nullptr) {
      missing.push_back(make_mac_key(purpose, master, now, random));
    }
  }
  // Each of these is the first of its kind: there are no others to retire.
  if (!missing.empty()) co_await store.server_keys.rotate(std::move(missing), now);
}

// {} -> {keys: [{kid, purpose, alg, state, created_at, active_from, retires_at?}]}.
Answer key_list(const Deps& deps, json::object arguments) {
  const Arguments in(std::move(arguments), {});
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto keys = co_await deps.store.server_keys.all();
  json::array shown;
  for (const auto& key : keys) shown.push_back(show(key, deps.clock.now()));
  co_return json::object{{"keys", std::move(shown)}};
}

// {alg?, now?} -> the new key, and when the one before it retires. It is published at once and
// signs after `keys.publish_ahead`, or at once with `now`: then resource servers that keep a copy
// of the key set refuse its tokens until they fetch it again. A key that waits already is not
// replaced by `now`, but used.
Answer key_rotate(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"alg", "now"});
  const auto word = in.maybe_text("alg").value_or(deps.signing_alg);
  const bool at_once = in.flag("now");
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto alg = crypto::parse_alg(word);
  if (!alg) {
    co_return refused(reason::admin_alg_unknown, "ES256, RS256, PS256, EdDSA", word.substr(0, 32));
  }
  const auto key = co_await rotate_signing_key(deps, *alg, at_once);
  if (!key) co_return std::unexpected(key.error());
  const Time now = deps.clock.now();
  auto answer = show(*key, now);
  const auto keys = co_await deps.store.server_keys.all();
  for (const auto& other : keys) {
    const bool before_it = other.purpose == KeyPurpose::signing && other.alg == key->alg;
    if (before_it && other.retires_at > now) answer["others_retire_at"] = rfc3339(other.retires_at);
  }
  co_return answer;
}

// {kid} -> {revoked, signs: the key that signs from now on}. For a key that got into wrong hands.
Answer key_revoke(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"kid"});
  auto kid = in.text("kid");
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto signs = co_await revoke_signing_key(deps, kid);
  if (!signs) co_return std::unexpected(signs.error());
  co_return json::object{{"revoked", kid}, {"signs", show(*signs, deps.clock.now())}};
}

}  // namespace claviger::admin
