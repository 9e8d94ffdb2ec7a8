// What is good enough at registration is good enough when fetched; no set gives more keys than may
// be tried, and none that does not fit what was asked for.
#include <cstdint>
#include <cstdlib>

#include "base/limits.hpp"
#include "crypto/jwk_set.hpp"

namespace {

using namespace claviger;
using namespace claviger::crypto;

void look(const JwkSet& set) {
  std::size_t keys = 0;
  for (const auto alg : {Alg::ES256, Alg::RS256, Alg::PS256, Alg::EdDSA}) {
    const auto all = set.for_verifying(alg, "");
    keys += all.size();
    if (all.size() > 4) std::abort();
    for (const auto& key : all) {
      if (key.alg() != alg || !set.has_kid(key.kid())) std::abort();
      const auto named = set.for_verifying(alg, key.kid());
      if (named.empty() || named.front().kid() != key.kid()) std::abort();
    }
  }
  for (const auto alg : kAllKeyAlgs) {
    const auto* key = set.for_encryption(alg);
    if (!key) continue;
    ++keys;
    if (!key->fits(alg)) std::abort();
  }
  if (set.empty() != (keys == 0)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(ByteView(data, size));
  const auto strict = JwkSet::parse_strict(text);
  const auto fetched = JwkSet::parse_fetched(text);
  if (strict && !fetched) std::abort();
  if (strict) look(*strict);
  if (fetched) look(*fetched);
  return 0;
}
