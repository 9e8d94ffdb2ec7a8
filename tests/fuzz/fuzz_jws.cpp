// No text but the one that was signed verifies, whatever it is made of; and a key that was accepted
// is the same key once written. Inputs that begin with '{' are keys.
#include <cstdint>
#include <cstdlib>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "crypto/jws.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace {

using namespace claviger;
using namespace claviger::crypto;

std::string_view input_of(std::string_view compact) {
  return compact.substr(0, compact.rfind('.'));
}

const PublicKey& key_of(std::string_view jwk) {
  static const auto ec = *PublicKey::from_jwk(test::object(test::kP256));
  static const auto rsa = *PublicKey::from_jwk(test::object(test::kRsa));
  return jwk == test::kP256 ? ec : rsa;
}

void verify(std::string_view text, std::string_view jwk, std::string_view right) {
  const auto find = [&](std::string_view) { return &key_of(jwk); };
  if (verify_jws(text, "", find) && input_of(text) != input_of(right)) std::abort();
}

void verify_mac(std::string_view text) {
  static const MacKey key(*base64url_decode(test::kMacKey));
  const auto find = [](std::string_view) { return &key; };
  if (verify_mac_jws(text, "JWT", find) && text != test::kSignedHs256) std::abort();
}

void import(std::string_view text) {
  const auto value = parse_json(text);
  if (!value || !value->is_object()) return;
  const auto key = PublicKey::from_jwk(value->get_object());
  if (!key) return;
  const auto back = PublicKey::from_jwk(key->jwk());
  if (!back || back->thumbprint() != key->thumbprint() || back->kid() != key->kid()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(ByteView(data, size));
  if (text.starts_with('{')) {
    import(text);
    return 0;
  }
  verify(text, test::kP256, test::kSignedEs256);
  verify(text, test::kRsa, test::kSignedRs256);
  verify_mac(text);
  if (verify_jws(text, "", [](std::string_view) -> const PublicKey* { return nullptr; })) {
    std::abort();
  }
  (void)peek_jws(text);
  return 0;
}
