// Basic credentials: what is accepted is bounded, clean, and survives being written and read again.
#include <cstdint>
#include <cstdlib>

#include "base/base64url.hpp"
#include "base/form.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "http/authorization_header.hpp"

namespace {

using namespace claviger;

void demand(bool truth) {
  if (!truth) std::abort();
}

void judge(std::string_view header) {
  const auto read = http::parse_basic(header);
  if (!read) return;
  demand(http::authorization_scheme(header) == http::Scheme::basic);
  demand(!read->client_id.empty() && read->client_id.size() <= limits::kClientIdBytes);
  demand(read->secret.size() <= limits::kSecretBytes);
  demand(!has_control_character(read->client_id) && is_utf8(read->client_id));
  demand(!has_control_character(read->secret.reveal()) && is_utf8(read->secret.reveal()));
  const auto pair = percent_encode(read->client_id) + ":" + percent_encode(read->secret.reveal());
  const auto again = http::parse_basic("Basic " + base64_encode(as_bytes(pair)));
  demand(again && again->client_id == read->client_id);
  demand(again->secret.reveal() == read->secret.reveal());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  judge(bytes);
  judge("Basic " + base64_encode(as_bytes(bytes)));
  return 0;
}
