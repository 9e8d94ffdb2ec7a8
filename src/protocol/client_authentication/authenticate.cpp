#include "protocol/client_authentication/authenticate.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/reasons/client_authentication.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"

namespace claviger::protocol {
namespace {

constexpr std::array<std::string_view, 3> kNeverInQuery{"client_secret", "client_assertion",
                                                        "client_assertion_type"};

bool fits(const PresentedClient& presented) {
  if (presented.client_id.size() > limits::kClientIdBytes || !is_vschar(presented.client_id)) {
    return false;
  }
  return !presented.secret || presented.secret->size() <= limits::kSecretBytes;
}

std::optional<Secret> secret_or_none(std::string_view text) {
  if (text.empty()) return {};
  return Secret(text);
}

Result<PresentedClient> from_header(const HeaderCredentials& header, const Form& body) {
  if (!header.basic || !header.parsed) return refused(reason::client_header_malformed);
  const auto& [client_id, secret] = *header.parsed;
  if (client_id.empty()) return refused(reason::client_header_malformed);
  const auto repeated = body.get("client_id");
  if (repeated && *repeated != client_id)
    return refused(reason::client_id_differs, excerpt(client_id), excerpt(*repeated));
  return PresentedClient{client_id, secret_or_none(secret.reveal()), true};
}

Result<PresentedClient> from_body(const Form& body) {
  const auto client_id = body.get("client_id");
  if (!client_id) return refused(reason::client_missing);
  return PresentedClient{std::string(*client_id),
                         secret_or_none(body.get("client_secret").value_or("")), false};
}

// The comparison that every presentation costs, whoever presents (CA-12): one HMAC, and two
// comparisons of 32 bytes.
bool secret_is_right(const PresentedClient& presented, const std::optional<Client>& client,
                     const crypto::KeyRing& keys, Time now) {
  const Secret nothing;
  const Secret& secret = presented.secret ? *presented.secret : nothing;
  std::optional<Digest> came;
  if (client && client->secret_hash) {
    came = keys.hash_client_secret_with(client->secret_kid, secret);
  } else {
    came = keys.hash_client_secret(secret, now).first;
  }
  const Digest decoy{};
  const Digest& current = client && client->secret_hash ? *client->secret_hash : decoy;
  const bool overlaps =
      client && client->previous_secret_hash && now < client->previous_secret_until;
  const Digest& previous = overlaps ? *client->previous_secret_hash : decoy;
  if (!came) return false;
  const bool is_current = crypto::constant_time_equal(*came, current);
  const bool is_previous = crypto::constant_time_equal(*came, previous);
  const bool has_secret = client && client->secret_hash && presented.secret;
  return has_secret && (is_current || (overlaps && is_previous));
}

bool has_expired(const Client& client, Time now) {
  return client.secret_expires_at != Time{} && now >= client.secret_expires_at;
}

}  // namespace

Result<PresentedClient> parse_client_credentials(const HeaderCredentials& header, const Form& body,
                                                 const Form& query) {
  const auto in_query = [&](std::string_view name) { return query.get(name).has_value(); };
  if (std::ranges::any_of(kNeverInQuery, in_query)) {
    return refused(reason::client_credentials_in_query);
  }
  if (body.repeated("client_id") || body.repeated("client_secret")) {
    return refused(reason::client_parameter_repeated);
  }
  const bool assertion = body.get("client_assertion") || body.get("client_assertion_type");
  const int methods =
      int{header.present} + int{body.get("client_secret").has_value()} + int{assertion};
  if (methods > 1) return refused(reason::client_several_methods);
  if (assertion) return refused(reason::client_assertion_unsupported);
  auto presented = header.present ? from_header(header, body) : from_body(body);
  if (presented && !fits(*presented)) return refused(reason::client_malformed);
  return presented;
}

Result<AuthenticatedClient> judge_client(const PresentedClient& presented,
                                         const std::optional<Client>& client,
                                         const crypto::KeyRing& keys, Time now) {
  const bool right = secret_is_right(presented, client, keys, now);
  if (!client || client->client_id != presented.client_id) {
    return refused(reason::client_unknown, "a registered client", excerpt(presented.client_id));
  }
  if (client->disabled) return refused(reason::client_disabled);
  if (client->is_public()) {
    if (presented.secret) return refused(reason::client_secret_unexpected);
    return AuthenticatedClient(*client);
  }
  if (!presented.secret) return refused(reason::client_secret_missing);
  if (!right) return refused(reason::client_secret_wrong);
  if (has_expired(*client, now)) return refused(reason::client_secret_expired);
  return AuthenticatedClient(*client);
}

}  // namespace claviger::protocol
