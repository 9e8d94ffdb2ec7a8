// No message but the one that was encrypted opens, whatever it is made of; and any text comes back
// out of the message that was made of it.
#include <array>
#include <cstdint>
#include <cstdlib>

#include "crypto/jwe.hpp"
#include "crypto/system_random.hpp"
#include "tests/unit/crypto/jwe_vectors.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace {

using namespace claviger;
using namespace claviger::crypto;

struct Known {
  DecryptionKey key;
  std::string_view compact;
  KeyAlg alg;
  ContentEnc enc;
};

DecryptionKey key_of(std::string_view jwk) { return *DecryptionKey::from_jwk(test::object(jwk)); }

const std::array<Known, 6>& known() {
  static const std::array all{
      Known{key_of(test::kPeregrin), test::kForPeregrin, KeyAlg::ecdh_es_a128kw,
            ContentEnc::a128gcm},
      Known{key_of(test::kMeriadoc), test::kForMeriadoc, KeyAlg::ecdh_es,
            ContentEnc::a128cbc_hs256},
      Known{key_of(test::kRsaOaepKey), test::kRsaOaepToken, KeyAlg::rsa_oaep_256,
            ContentEnc::a256gcm},
      Known{key_of(test::kP521Key), test::kP521Token, KeyAlg::ecdh_es_a256kw,
            ContentEnc::a256cbc_hs512},
      Known{key_of(test::kX25519Key), test::kX25519Token, KeyAlg::ecdh_es_a192kw,
            ContentEnc::a128cbc_hs256},
      Known{key_of(test::kPartiesKey), test::kPartiesToken, KeyAlg::ecdh_es, ContentEnc::a256gcm}};
  return all;
}

void there_and_back(std::string_view plain) {
  static const auto jwk = [] {
    auto out = test::object(test::kX25519Key);
    out.erase("d");
    return out;
  }();
  static const auto key = *EncryptionKey::from_jwk(jwk);
  SystemRandom random;
  const auto enc = kAllContentEncs[plain.size() % kAllContentEncs.size()];
  const auto compact = encrypt_jwe(key, KeyAlg::ecdh_es, enc, "", plain, random);
  const auto opened = decrypt_jwe(compact, known()[4].key, KeyAlg::ecdh_es, enc);
  if (!opened || opened->plain.reveal() != plain) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(ByteView(data, size));
  for (const auto& one : known()) {
    if (decrypt_jwe(text, one.key, one.alg, one.enc) && text != one.compact) std::abort();
  }
  if (size <= 4096) there_and_back(text);
  return 0;
}
