// Whatever a client says of itself: what the rules let pass says the same after it was told and
// said again, and nothing in it is an address that a browser runs.
#include <cstdint>
#include <cstdlib>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "protocol/registration/client.hpp"
#include "protocol/registration/client_record.hpp"
#include "protocol/registration/user_claims.hpp"

namespace {

using namespace claviger;
using namespace claviger::protocol;

const std::vector<crypto::Alg> kAlgs{crypto::Alg::ES256, crypto::Alg::RS256};

Policy policy() {
  Policy made;
  made.issuer = "http://localhost:2003";
  made.scopes = {"openid", "email"};
  made.registration_profile = Profile::oidc_compat;
  made.loopback_issuer = true;
  return made;
}

bool is_address(std::string_view uri) {
  return uri.empty() || uri.starts_with("https://") || uri.starts_with("http://localhost") ||
         uri.starts_with("http://127.0.0.1") || uri.starts_with("http://[::1]");
}

void look_at(const Client& client) {
  const auto& m = client.metadata;
  for (const auto* uri : {&m.client_uri, &m.logo_uri, &m.policy_uri, &m.tos_uri, &m.jwks_uri,
                          &m.sector_identifier_uri, &m.initiate_login_uri,
                          &m.frontchannel_logout.uri, &m.backchannel_logout.uri}) {
    if (!is_address(*uri)) std::abort();
  }
  for (const auto& uri : m.request_uris) {
    if (!uri.starts_with("https://")) std::abort();
  }
  if (m.id_token.signed_alg == "none" || m.id_token.signed_alg.starts_with("HS")) std::abort();
  if (client.registered_by != RegisteredBy::self || client.disabled) std::abort();
}

void register_client(const boost::json::value& document) {
  static const Policy kPolicy = policy();
  const auto asked = parse_complete_registration(document, kPolicy);
  if (!asked || !judge_client_registration(*asked, kPolicy, true, kAlgs)) return;
  look_at(asked->metadata);
  auto told = client_information(asked->metadata, kPolicy);
  told.erase("client_id");  // ours to choose, and nobody has chosen yet
  const auto again = parse_complete_registration(told, kPolicy);
  if (!again || !judge_client_registration(*again, kPolicy, true, kAlgs)) std::abort();
  auto told_again = client_information(again->metadata, kPolicy);
  told_again.erase("client_id");
  if (told_again != told) std::abort();
}

void set_claims(const boost::json::object& claims) {
  User user;
  if (!set_user_claims(claims, Vouched::by_nobody, user)) return;
  if (user.email_verified || user.phone_verified) std::abort();
  const auto said = user.claims;
  if (!set_user_claims(said, Vouched::by_operator, user) || user.claims != said) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(ByteView(data, size));
  const auto document = parse_json(text);
  if (!document) return 0;
  register_client(*document);
  if (document->is_object()) set_claims(document->get_object());
  Client client;
  client.redirect_uris = {"https://app.example/cb"};
  const bool listed = judge_sector_document(text, client).has_value();
  if (listed && !document->is_array()) std::abort();
  return 0;
}
