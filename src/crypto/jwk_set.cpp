#include "crypto/jwk_set.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "crypto/agreement.hpp"
#include "crypto/jwk.hpp"

namespace claviger::crypto {
namespace {

constexpr std::size_t kMaxKidBytes = 256;
constexpr std::size_t kMaxTried = 4;  // JO-06: every try costs a verification
constexpr std::array kAlgs{Alg::ES256, Alg::RS256, Alg::PS256, Alg::EdDSA};

// A kind of key that nobody here reads may stand in a set (RFC7517-5); one that gives a secret away
// may not.
enum class Soundness { sound, unknown, unsound, secret };

bool is_known_kind(const boost::json::object& jwk) {
  const auto kty = json_text(jwk, "kty");
  return kty == "RSA" || curve_of(jwk) || (kty == "OKP" && json_text(jwk, "crv") == "Ed25519");
}

bool is_well_formed(const boost::json::object& jwk) {
  for (const auto* name : {"kty", "kid", "use", "alg"}) {
    if (jwk.contains(name) && !json_text(jwk, name)) return false;
  }
  const auto kid = json_text(jwk, "kid");
  if (kid && (kid->empty() || kid->size() > kMaxKidBytes)) return false;
  const auto* ops = jwk.if_contains("key_ops");
  return jwk.contains("kty") && (!ops || ops->is_array());
}

// Whether the numbers make a key, whatever it is meant for.
bool has_sound_numbers(boost::json::object jwk) {
  for (const auto* name : {"use", "key_ops", "alg"}) jwk.erase(name);
  return PublicKey::from_jwk(jwk) || EncryptionKey::from_jwk(jwk);
}

// An `alg` of ours on a key that could not be read for it contradicts the rest of that key.
bool is_contradictory(const boost::json::object& jwk) {
  const auto alg = json_text(jwk, "alg");
  return alg && (parse_alg_of_others(*alg) || parse_key_alg(*alg));
}

}  // namespace

struct JwkSet::Body {
  std::vector<PublicKey> verifying;
  std::vector<EncryptionKey> encrypting;
  std::vector<std::string> kids;

  bool has(std::string_view kid) const { return std::ranges::find(kids, kid) != kids.end(); }

  Soundness take(const boost::json::value& value) {
    const auto* jwk = value.if_object();
    if (!jwk) return Soundness::unsound;
    if (has_private_member(*jwk) || json_text(*jwk, "kty") == "oct") return Soundness::secret;
    if (!is_well_formed(*jwk)) return Soundness::unsound;
    if (!is_known_kind(*jwk)) return Soundness::unknown;
    return keep(*jwk);
  }

  // RSA without `alg` signs by either padding, and may be encrypted to besides.
  Soundness keep(const boost::json::object& jwk) {
    const auto before = verifying.size() + encrypting.size();
    for (const auto alg : kAlgs) {
      if (auto key = PublicKey::from_jwk(jwk, alg)) verifying.push_back(std::move(*key));
    }
    if (auto key = EncryptionKey::from_jwk(jwk)) encrypting.push_back(std::move(*key));
    if (verifying.size() + encrypting.size() > before) return Soundness::sound;
    if (is_contradictory(jwk) || !has_sound_numbers(jwk)) return Soundness::unsound;
    return Soundness::unknown;
  }

  // False when the set can't be trusted as a whole: two keys of one name, or a secret in it.
  // `strict` asks the same of every unsound key.
  bool read(const boost::json::array& keys, bool strict) {
    for (const auto& value : keys) {
      const auto* jwk = value.if_object();
      const auto kid = jwk ? json_text(*jwk, "kid") : std::nullopt;
      if (kid && has(*kid)) return false;
      if (kid) kids.emplace_back(*kid);
      const auto found = take(value);
      if (found == Soundness::secret || (strict && found == Soundness::unsound)) return false;
    }
    return true;
  }
};

namespace {

const boost::json::array* keys_of(const boost::json::value& value) {
  const auto* object = value.if_object();
  const auto* keys = object ? object->if_contains("keys") : nullptr;
  const auto* list = keys ? keys->if_array() : nullptr;
  return list && list->size() <= limits::kJwksKeys ? list : nullptr;
}

std::shared_ptr<const JwkSet::Body> read_set(std::string_view json, bool strict) {
  const auto value = parse_json(json, limits::kJwksBytes);
  const auto* keys = value ? keys_of(*value) : nullptr;
  auto body = std::make_shared<JwkSet::Body>();
  if (!keys || !body->read(*keys, strict)) return nullptr;
  return body;
}

}  // namespace

std::optional<JwkSet> JwkSet::parse_strict(std::string_view json) {
  auto body = read_set(json, true);
  if (!body) return {};
  return JwkSet(std::move(body));
}

std::optional<JwkSet> JwkSet::parse_fetched(std::string_view json) {
  auto body = read_set(json, false);
  if (!body) return {};
  return JwkSet(std::move(body));
}

std::vector<PublicKey> JwkSet::for_verifying(Alg alg, std::string_view kid) const {
  std::vector<PublicKey> out;
  for (const auto& key : body_->verifying) {
    if (key.alg() != alg || (!kid.empty() && key.kid() != kid)) continue;
    if (out.size() < kMaxTried) out.push_back(key);
  }
  return out;
}

// Of keys that were left out too: another fetch would not bring them.
bool JwkSet::has_kid(std::string_view kid) const {
  return body_->has(kid) ||
         std::ranges::any_of(body_->verifying, [&](const auto& key) { return key.kid() == kid; });
}

const EncryptionKey* JwkSet::for_encryption(KeyAlg alg) const {
  const EncryptionKey* silent = nullptr;
  for (const auto& key : body_->encrypting) {
    if (!key.fits(alg)) continue;
    if (key.says_enc()) return &key;
    if (!silent) silent = &key;
  }
  return silent;
}

bool JwkSet::empty() const { return body_->verifying.empty() && body_->encrypting.empty(); }

}  // namespace claviger::crypto
