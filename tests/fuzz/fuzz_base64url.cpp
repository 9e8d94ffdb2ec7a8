// What decodes has one spelling: encoding it again gives the very same text.
#include <cstdint>
#include <cstdlib>

#include "base/base64url.hpp"
#include "base/id.hpp"
#include "base/token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace claviger;
  const auto text = as_text(ByteView(data, size));
  const auto bytes = base64url_decode(text);
  if (bytes && base64url_encode(*bytes) != text) std::abort();
  const auto padded = base64_decode(text);
  if (padded && base64_encode(as_bytes(*padded)) != text) std::abort();
  const auto id = Id::parse(text);
  if (id && id->text() != text) std::abort();
  const auto token = OpaqueToken::parse(text);
  if (token && token->text().reveal() != text) std::abort();
  const ByteView any(data, size);
  const auto back = base64url_decode(base64url_encode(any));
  if (!back || as_text(*back) != text) std::abort();
  return 0;
}
