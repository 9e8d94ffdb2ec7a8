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

constexpr std::array<std::string_view, 4> kNeverTwice{"client_id", "client_secret",
                                                      "client_assertion", "client_assertion_type"};
constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

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
  return PresentedClient{client_id, secret_or_none(secret.reveal()), true, {}};
}

Result<PresentedClient> from_body(const Form& body) {
  const auto client_id = body.get("client_id");
  if (!client_id) return refused(reason::client_missing);
  return PresentedClient{
      std::string(*client_id), secret_or_none(body.get("client_secret").value_or("")), false, {}};
}

// Who the assertion is about is not proven yet: it only says whose record to look for.
Result<PresentedClient> from_assertion(const Form& body) {
  const auto type = body.get("client_assertion_type").value_or("");
  if (type != kAssertionType) {
    return refused(reason::client_assertion_type, std::string(kAssertionType), excerpt(type));
  }
  const auto assertion = body.get("client_assertion");
  if (!assertion) return refused(reason::client_assertion_missing);
  const auto head = peek_assertion(*assertion);
  if (!head) return refused(reason::client_assertion_unsound);
  const auto client_id = body.get("client_id");
  if (client_id && *client_id != head->sub) {
    return refused(reason::client_id_differs, excerpt(head->sub), excerpt(*client_id));
  }
  if (head->sub.empty()) return refused(reason::client_missing);
  return PresentedClient{head->sub, {}, false, std::string(*assertion)};
}

// Does the secret lead to this hash, made under that key of the server's? Costs one HMAC and one
// comparison of 32 bytes whatever is known (CA-12).
bool leads_to(const Secret& secret, const std::optional<Digest>& hash, const std::string& kid,
              const crypto::KeyRing& keys, Time now) {
  std::optional<Digest> came;
  if (hash) {
    came = keys.hash_client_secret_with(kid, secret);
  } else {
    came = keys.hash_client_secret(secret, now).first;
  }
  const bool equal = crypto::constant_time_equal(came.value_or(Digest{}), hash.value_or(Digest{}));
  return hash && came && equal;
}

// The comparisons that every presentation costs, whoever presents (CA-12). The secret before this
// one was hashed under a key of its own, which may have been replaced since.
bool secret_is_right(const PresentedClient& presented, const SharedClient& client,
                     const crypto::KeyRing& keys, Time now) {
  const Secret nothing;
  const Secret& secret = presented.secret ? *presented.secret : nothing;
  static const Client nobody;
  const Client& record = client ? *client : nobody;
  const bool overlaps = now < record.previous_secret_until;
  const auto previous = overlaps ? record.previous_secret_hash : std::nullopt;
  const bool is_current = leads_to(secret, record.secret_hash, record.secret_kid, keys, now);
  const bool is_previous = leads_to(secret, previous, record.previous_secret_kid, keys, now);
  return presented.secret && (is_current || is_previous);
}

bool uses_secret(const Client& client) {
  return client.auth_method == AuthMethod::client_secret_basic ||
         client.auth_method == AuthMethod::client_secret_post;
}

bool has_expired(const Client& client, Time now) {
  return client.secret_expires_at != Time{} && now >= client.secret_expires_at;
}

// By AssertionFault. On the wire they are all the same (CA-12).
constexpr std::array kAssertionReasons{
    &reason::client_assertion_unsound,   &reason::client_assertion_for_else,
    &reason::client_assertion_algorithm, &reason::client_assertion_key,
    &reason::client_assertion_signature, &reason::client_assertion_issuer,
    &reason::client_assertion_audience,  &reason::client_assertion_lifetime,
    &reason::client_assertion_expired,   &reason::client_assertion_too_long,
    &reason::client_assertion_not_yet,   &reason::client_assertion_no_id,
};
static_assert(kAssertionReasons.size() == static_cast<std::size_t>(AssertionFault::no_id) + 1);

}  // namespace

Result<PresentedClient> parse_client_credentials(const HeaderCredentials& header, const Form& body,
                                                 const Form& query) {
  const auto in_query = [&](std::string_view name) { return query.get(name).has_value(); };
  if (std::ranges::any_of(kNeverInQuery, in_query)) {
    return refused(reason::client_credentials_in_query);
  }
  if (std::ranges::any_of(kNeverTwice, [&](auto name) { return body.repeated(name); })) {
    return refused(reason::client_parameter_repeated);
  }
  const bool assertion = body.get("client_assertion") || body.get("client_assertion_type");
  const int methods =
      int{header.present} + int{body.get("client_secret").has_value()} + int{assertion};
  if (methods > 1) return refused(reason::client_several_methods);
  auto presented = assertion        ? from_assertion(body)
                   : header.present ? from_header(header, body)
                                    : from_body(body);
  if (presented && !fits(*presented)) return refused(reason::client_malformed);
  return presented;
}

Result<AuthenticatedClient> judge_client(const PresentedClient& presented,
                                         const SharedClient& client, const crypto::KeyRing& keys,
                                         Time now) {
  const bool right = secret_is_right(presented, client, keys, now);
  if (!client || client->client_id != presented.client_id) {
    return refused(reason::client_unknown, "a registered client", excerpt(presented.client_id));
  }
  if (client->disabled) return refused(reason::client_disabled);
  if (client->is_public()) {
    if (presented.secret) return refused(reason::client_secret_unexpected);
    return AuthenticatedClient(client);
  }
  if (!uses_secret(*client)) {
    return refused(reason::client_other_method, std::string(to_string(client->auth_method)));
  }
  if (!presented.secret) return refused(reason::client_secret_missing);
  if (!right) return refused(reason::client_secret_wrong);
  if (has_expired(*client, now)) return refused(reason::client_secret_expired);
  return AuthenticatedClient(client);
}

Result<ProvenAssertion> judge_client_assertion(const PresentedClient& presented,
                                               const SharedClient& client,
                                               const AssertionKeys& keys, const Policy& policy,
                                               Time now) {
  if (!client || client->client_id != presented.client_id) {
    return refused(reason::client_unknown, "a registered client", excerpt(presented.client_id));
  }
  if (client->disabled) return refused(reason::client_disabled);
  if (client->is_public() || uses_secret(*client)) {
    return refused(reason::client_other_method, std::string(to_string(client->auth_method)));
  }
  const bool by_secret = client->auth_method == AuthMethod::client_secret_jwt;
  if (by_secret && has_expired(*client, now)) return refused(reason::client_secret_expired);
  // Whatever the caller found, each method has its own kind of key (CA-05).
  AssertionKeys own;
  if (by_secret) {
    own.secret = keys.secret ? keys.secret : Secret();
  } else {
    own.published = keys.published;
  }
  auto claims = judge_assertion(*presented.assertion, AssertionUse::client_authentication, *client,
                                own, policy, now);
  if (!claims) {
    auto& [fault, expected, came] = claims.error();
    const auto& why = *kAssertionReasons[static_cast<std::size_t>(fault)];
    return refused(why, std::move(expected), std::move(came));
  }
  return ProvenAssertion(client, std::move(*claims));
}

Result<AuthenticatedClient> ProvenAssertion::accept(bool first) const {
  if (!first) return refused(reason::client_assertion_replayed);
  return AuthenticatedClient(client_);
}

}  // namespace claviger::protocol
