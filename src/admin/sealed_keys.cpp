#include "admin/sealed_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/base64url.hpp"

namespace claviger::admin {

namespace {

std::string associated_data(const ServerKey& key) {
  return std::string(to_string(key.purpose)) + ":" + key.kid;
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

std::shared_ptr<const crypto::KeyRing> open_keys(const std::vector<ServerKey>& keys,
                                                 const crypto::SealingKey& master) {
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
  return std::make_shared<const crypto::KeyRing>(std::move(signing), std::move(refresh_macs),
                                                 std::move(secret_macs));
}

const ServerKey* newest_of(const std::vector<ServerKey>& keys, KeyPurpose purpose,
                           std::string_view alg) {
  const auto found = std::ranges::find_if(keys, [&](const ServerKey& key) {
    return key.purpose == purpose && key.alg == alg && key.retires_at == Time{};
  });
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace claviger::admin
