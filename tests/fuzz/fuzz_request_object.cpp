// Request objects: no JWT verifies but one that a key of the client signed; and whatever a client
// signs, the parameters that come out of it are bounded and belong to the client.
#include <cstdint>
#include <cstdlib>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "protocol/authorize/request.hpp"
#include "protocol/authorize/request_object.hpp"
#include "tests/unit/crypto/vectors.hpp"

using namespace claviger;
using namespace claviger::protocol;

namespace {

constexpr Time kNow = from_seconds(1'800'000'000);

const Client& client() {
  static const Client made = [] {
    Client client;
    client.client_id = "demo";
    client.profile = Profile::oidc_compat;
    client.redirect_uris = {"https://app.example.com/cb"};
    return client;
  }();
  return made;
}

const Policy& policy() {
  static const Policy made = [] {
    Policy policy;
    policy.issuer = "https://op.example";
    policy.scopes = {"openid", "email"};
    return policy;
  }();
  return made;
}

void verify(std::string_view text) {
  static const auto keys =
      *crypto::JwkSet::parse_strict(R"({"keys":[)" + std::string(crypto::test::kP256) + "]}");
  const std::string_view right = crypto::test::kSignedEs256;
  const auto signed_part = [](std::string_view jwt) { return jwt.substr(0, jwt.rfind('.')); };
  if (verify_request_object(text, keys, client()) && signed_part(text) != signed_part(right)) {
    std::abort();
  }
  (void)named_key(text);
}

void merge(const boost::json::object& object) {
  Form outer;
  for (const auto& [name, value] : {std::pair{"client_id", "demo"},
                                    {"response_type", "code"},
                                    {"scope", "openid"},
                                    {"request", "x"},
                                    {"nonce", "outer"}}) {
    outer.add(name, value);
  }
  const auto merged = merge_request_object(outer, object, client(), policy(), kNow);
  if (!merged) return;
  if (merged->get("request") || merged->get("request_uri")) std::abort();
  if (merged->get("client_id") != "demo") std::abort();
  if (merged->fields().size() > limits::kFormFields + outer.fields().size()) std::abort();
  if (!object.contains("nonce") && merged->get("nonce") && !asks_openid(*merged)) std::abort();
  (void)match_addressee(*merged, client());
  (void)parse_authorization_request(*merged, client(), policy());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(ByteView(data, size));
  if (!text.starts_with('{')) {
    verify(text);
    return 0;
  }
  const auto value = parse_json(text);
  if (value && value->is_object()) merge(value->get_object());
  return 0;
}
