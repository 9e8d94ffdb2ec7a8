#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "admin/arguments.hpp"
#include "admin/nouns.hpp"
#include "admin/show.hpp"
#include "base/base64url.hpp"
#include "base/reasons/admin.hpp"

namespace claviger::admin {

namespace json = boost::json;

namespace {

// A token that was signed a moment before the change must verify until its end, on clocks that
// differ.
constexpr std::chrono::seconds kClockAllowance{3600};

// Kid and purpose are bound to the ciphertext: rows that were swapped don't open (SQ-04).
std::string associated_data(const ServerKey& key) {
  return std::string(to_string(key.purpose)) + ":" + key.kid;
}

ServerKey seal_signing_key(const crypto::PrivateKey& made, const crypto::SealingKey& master,
                           Time created_at, Time active_from, Random& random) {
  ServerKey key;
  key.kid = made.kid();
  key.purpose = KeyPurpose::signing;
  key.alg = std::string(crypto::to_string(made.alg()));
  key.created_at = created_at;
  key.active_from = active_from;
  const Secret der = made.pkcs8();
  key.sealed = master.seal(as_bytes(der.reveal()), associated_data(key), random);
  return key;
}

ServerKey make_mac_key(KeyPurpose purpose, const crypto::SealingKey& master, Time now,
                       Random& random) {
  ServerKey key;
  key.kid = base64url_encode(random.bytes<16>());
  key.purpose = purpose;
  key.alg = "HS256";
  key.created_at = now;
  key.active_from = now;
  const auto bytes = random.bytes<32>();
  key.sealed = master.seal(bytes, associated_data(key), random);
  return key;
}

bool has_newest(const std::vector<ServerKey>& keys, KeyPurpose purpose, std::string_view alg) {
  return std::ranges::any_of(keys, [&](const ServerKey& key) {
    return key.purpose == purpose && key.alg == alg && key.retires_at == Time{};
  });
}

Secret open_key(const ServerKey& key, const crypto::SealingKey& master) {
  auto opened = master.open(key.sealed, associated_data(key));
  if (opened) return std::move(*opened);
  throw std::runtime_error(fmt::format(
      "the {} key {} can't be opened with this master key: restore the master key that belongs to "
      "the database",
      to_string(key.purpose), key.kid));
}

crypto::KeyRing::Signing open_signing_key(const ServerKey& key, const crypto::SealingKey& master) {
  const auto alg = crypto::parse_alg(key.alg);
  auto opened = alg ? crypto::PrivateKey::from_pkcs8(open_key(key, master), *alg) : std::nullopt;
  if (!opened || opened->kid() != key.kid) {
    throw std::runtime_error(fmt::format("the signing key {} is damaged", key.kid));
  }
  return {std::move(*opened), key.active_from, key.retires_at};
}

crypto::KeyRing::Mac open_mac_key(const ServerKey& key, const crypto::SealingKey& master) {
  return {key.kid, open_key(key, master), key.active_from, key.retires_at};
}

}  // namespace

Task<std::shared_ptr<const crypto::KeyRing>> load_key_ring(store::Store& store,
                                                           const crypto::SealingKey& master) {
  const auto keys = co_await store.server_keys.all();
  std::vector<crypto::KeyRing::Signing> signing;
  std::vector<crypto::KeyRing::Mac> refresh_macs;
  std::vector<crypto::KeyRing::Mac> secret_macs;
  for (const auto& key : keys) {
    switch (key.purpose) {
      case KeyPurpose::signing:
        signing.push_back(open_signing_key(key, master));
        break;
      case KeyPurpose::refresh_mac:
        refresh_macs.push_back(open_mac_key(key, master));
        break;
      case KeyPurpose::secret_hash:
        secret_macs.push_back(open_mac_key(key, master));
        break;
    }
  }
  co_return std::make_shared<const crypto::KeyRing>(std::move(signing), std::move(refresh_macs),
                                                    std::move(secret_macs));
}

Task<void> ensure_keys(store::Store& store, const crypto::SealingKey& master,
                       std::string signing_alg, const Clock& clock, Random& random) {
  const auto keys = co_await store.server_keys.all();
  const Time now = clock.now();
  std::vector<ServerKey> missing;
  // RS256 beside whatever signs: older libraries know nothing else.
  for (const std::string& alg : {signing_alg, std::string("RS256")}) {
    const auto parsed = crypto::parse_alg(alg);
    if (!parsed) throw std::runtime_error("no key can be made for the algorithm " + alg);
    const bool known =
        has_newest(keys, KeyPurpose::signing, alg) || has_newest(missing, KeyPurpose::signing, alg);
    if (known) continue;
    const auto made = crypto::PrivateKey::generate(*parsed);
    missing.push_back(seal_signing_key(made, master, now, now, random));
  }
  for (const auto purpose : {KeyPurpose::refresh_mac, KeyPurpose::secret_hash}) {
    if (!has_newest(keys, purpose, "HS256")) {
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

// {alg?, now?} -> the new key, and when the others of its algorithm retire. It is published at
// once and signs after `keys.publish_ahead`, or at once with `now`: then resource servers that
// keep a copy of the key set refuse its tokens until they fetch it again.
Answer key_rotate(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"alg", "now"});
  const auto word = in.maybe_text("alg").value_or(deps.signing_alg);
  const bool at_once = in.flag("now");
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto alg = crypto::parse_alg(word);
  if (!alg || *alg == crypto::Alg::PS256) {
    co_return refused(reason::admin_alg_unknown, "ES256, RS256, EdDSA", word.substr(0, 32));
  }
  auto generate = [alg = *alg] { return crypto::PrivateKey::generate(alg); };
  const auto made = co_await run_on(deps.hashing, std::move(generate));
  if (!made) co_return refused(reason::admin_hashing_busy);
  const Time now = deps.clock.now();
  const Time active_from = at_once ? now : now + deps.publish_ahead;
  const Time others_retire = active_from + deps.policy.access_token_ttl + kClockAllowance;
  auto key = seal_signing_key(*made, deps.master, now, active_from, deps.random);
  auto answer = show(key, now);
  answer["others_retire_at"] = rfc3339(others_retire);
  std::vector<ServerKey> added{std::move(key)};
  co_await deps.store.server_keys.rotate(std::move(added), others_retire);
  auto ring = co_await load_key_ring(deps.store, deps.master);
  deps.keys.replace(std::move(ring));
  co_return answer;
}

}  // namespace claviger::admin
