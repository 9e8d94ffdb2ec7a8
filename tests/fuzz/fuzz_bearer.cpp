// Bearer tokens: what is accepted stands in the header, is a token68 and nothing else.
#include <cstdint>
#include <cstdlib>

#include "base/limits.hpp"
#include "http/authorization_header.hpp"

namespace {

void demand(bool truth) {
  if (!truth) std::abort();
}

void judge(std::string_view header) {
  using namespace claviger;
  const auto token = http::parse_bearer(header);
  if (!token) return;
  demand(http::authorization_scheme(header) == http::Scheme::bearer);
  demand(header.ends_with(*token) && !token->empty() && token->size() <= limits::kJwtBytes);
  for (const char c : *token) demand(c > 0x20 && c < 0x7f && c != ',' && c != '"' && c != ';');
  demand(http::parse_bearer("Bearer " + std::string(*token)) == *token);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  judge(bytes);
  judge("Bearer " + std::string(bytes));
  return 0;
}
