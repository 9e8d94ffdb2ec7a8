// A key of a stranger that was accepted can be used without a surprise: encrypted to by every
// algorithm that it fits, and asked about any signature.
#include <cstdint>
#include <cstdlib>

#include "base/json.hpp"
#include "crypto/jwe.hpp"
#include "crypto/key.hpp"
#include "crypto/system_random.hpp"

namespace {

using namespace claviger;
using namespace claviger::crypto;

constexpr auto kEnc = ContentEnc::a128gcm;
constexpr std::string_view kPlain = "plain";

void verify(const boost::json::object& jwk) {
  for (const auto alg : {Alg::ES256, Alg::RS256, Alg::PS256, Alg::EdDSA}) {
    const auto key = PublicKey::from_jwk(jwk, alg);
    if (!key) continue;
    if (key->alg() != alg) std::abort();
    (void)key->verify("message", Bytes(64, 1));
    const auto back = PublicKey::from_jwk(key->jwk(), alg);
    if (!back || back->thumbprint() != key->thumbprint()) std::abort();
  }
}

void encrypt(const boost::json::object& jwk) {
  const auto key = EncryptionKey::from_jwk(jwk);
  if (!key) return;
  SystemRandom random;
  for (const auto alg : kAllKeyAlgs) {
    if (key->fits(alg)) (void)encrypt_jwe(*key, alg, kEnc, "JWT", kPlain, random);
  }
}

void decrypt(boost::json::object jwk) {
  const auto own = DecryptionKey::from_jwk(jwk);
  if (!own) return;
  for (const auto* part : {"d", "p", "q", "dp", "dq", "qi", "key_ops"}) jwk.erase(part);
  const auto key = EncryptionKey::from_jwk(jwk);
  if (!key) return;  // it carries a private member that is of no use to its type
  SystemRandom random;
  for (const auto alg : kAllKeyAlgs) {
    if (own->fits(alg) != key->fits(alg)) std::abort();
    if (!key->fits(alg)) continue;
    const auto compact = encrypt_jwe(*key, alg, kEnc, "", kPlain, random);
    const auto opened = decrypt_jwe(compact, *own, alg, kEnc);
    if (!opened || opened->plain.reveal() != kPlain) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = parse_json(as_text(ByteView(data, size)));
  if (!value || !value->is_object()) return 0;
  verify(value->get_object());
  encrypt(value->get_object());
  decrypt(value->get_object());
  return 0;
}
