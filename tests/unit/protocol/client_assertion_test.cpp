// An assertion in which everything is right; each row spoils one thing of it.
#include <functional>
#include <set>

#include "base/base64url.hpp"
#include "crypto/jws.hpp"
#include "protocol/client_authentication/authenticate.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

namespace json = boost::json;

const crypto::PrivateKey& key_of(crypto::Alg alg) {
  static const auto es256 = crypto::PrivateKey::generate(crypto::Alg::ES256);
  static const auto eddsa = crypto::PrivateKey::generate(crypto::Alg::EdDSA);
  static const auto rs256 = crypto::PrivateKey::generate(crypto::Alg::RS256);
  static const auto ps256 = crypto::PrivateKey::generate(crypto::Alg::PS256);
  switch (alg) {
    case crypto::Alg::ES256:
      return es256;
    case crypto::Alg::EdDSA:
      return eddsa;
    case crypto::Alg::RS256:
      return rs256;
    case crypto::Alg::PS256:
      break;
  }
  return ps256;
}

crypto::JwkSet published(std::initializer_list<crypto::Alg> algs) {
  json::array keys;
  for (const auto alg : algs) keys.push_back(key_of(alg).public_key().jwk());
  return crypto::JwkSet::parse_strict(json::serialize(json::object{{"keys", keys}})).value();
}

const crypto::JwkSet& all_published() {
  static const auto set =
      published({crypto::Alg::ES256, crypto::Alg::EdDSA, crypto::Alg::RS256, crypto::Alg::PS256});
  return set;
}

Client key_client(Profile profile = Profile::standard) {
  Client client;
  client.client_id = "demo";
  client.auth_method = AuthMethod::private_key_jwt;
  client.profile = profile;
  return client;
}

std::int64_t at(std::chrono::seconds offset) { return to_seconds(kNow + offset); }

json::object claims() {
  return {{"iss", "demo"},  {"sub", "demo"}, {"aud", policy().issuer},
          {"exp", at(60s)}, {"iat", at(0s)}, {"jti", "one"}};
}

std::string signed_by(crypto::Alg alg, const json::object& payload, std::string_view typ = "JWT") {
  return crypto::sign_jws(key_of(alg), typ, payload);
}

// With a header of the test's own, signed by the ES256 key.
std::string with_header(json::object header, const json::object& payload) {
  const auto part = [](const json::object& object) {
    return base64url_encode(as_bytes(json::serialize(object)));
  };
  const auto input = part(header) + "." + part(payload);
  return input + "." + base64url_encode(key_of(crypto::Alg::ES256).sign(input));
}

std::string_view judged(const std::string& assertion, const Client& client = key_client(),
                        const crypto::JwkSet& keys = all_published()) {
  PresentedClient presented;
  presented.client_id = "demo";
  presented.assertion = assertion;
  return outcome(judge_client_assertion(presented, shared(client), {&keys, {}}, policy(), kNow));
}

std::string_view judged_with(const std::function<void(json::object&)>& spoil,
                             const Client& client = key_client()) {
  auto payload = claims();
  spoil(payload);
  return judged(signed_by(crypto::Alg::ES256, payload), client);
}

// C8.2, RFC7523-2.2, OIDCC-9
TEST(ClientAssertion, C8_2_every_algorithm_of_ours) {
  for (const auto alg :
       {crypto::Alg::ES256, crypto::Alg::EdDSA, crypto::Alg::RS256, crypto::Alg::PS256}) {
    EXPECT_EQ(judged(signed_by(alg, claims())), "ok") << to_string(alg);
    auto client = key_client();
    client.metadata.token_endpoint_auth_signing_alg = "ES256";
    const bool is_registered = alg == crypto::Alg::ES256;
    EXPECT_EQ(judged(signed_by(alg, claims()), client),
              is_registered ? "ok" : "client.assertion_algorithm");
  }
}

// CA-07: for as long as anybody would take it, whichever way the clocks differ.
TEST(ClientAssertion, CA_07_is_remembered_beyond_its_end) {
  PresentedClient presented;
  presented.client_id = "demo";
  presented.assertion = signed_by(crypto::Alg::ES256, claims());
  const AssertionKeys keys{&all_published(), {}};
  const auto proven = judge_client_assertion(presented, shared(key_client()), keys, policy(), kNow);
  ASSERT_TRUE(proven);
  EXPECT_EQ(proven->keep_until(), kNow + 60s + 20s);
  EXPECT_EQ(outcome(proven->accept(true)), "ok");
  // CA-06
  EXPECT_EQ(outcome(proven->accept(false)), "client.assertion_replayed");
  const auto late = kNow + 60s + 20s;
  EXPECT_EQ(outcome(judge_client_assertion(presented, shared(key_client()), keys, policy(), late)),
            "client.assertion_expired");
}

// CA-06: the key tells clients, ids and uses apart.
TEST(ClientAssertion, CA_06_what_is_remembered) {
  std::set<Digest> seen;
  for (const auto use : {AssertionUse::client_authentication, AssertionUse::grant}) {
    for (const std::string id : {"demo", "demon", "dem"}) {
      for (const std::string jti : {"one", "ne", "oone", "n-one"}) {
        auto client = key_client();
        client.client_id = id;
        auto payload = claims();
        payload["iss"] = payload["sub"] = id;
        payload["jti"] = jti;
        const auto assertion = signed_by(crypto::Alg::ES256, payload);
        const auto judgement =
            judge_assertion(assertion, use, client, {&all_published(), {}}, policy(), kNow);
        ASSERT_TRUE(judgement);
        EXPECT_TRUE(seen.insert(judgement->replay_key).second) << id << " " << jti;
      }
    }
  }
}

// C8.3, CA-09, JO-25, JO-26: whoever else is named could present it here in the client's stead.
TEST(ClientAssertion, C8_3_audience_by_profile) {
  const std::string issuer = policy().issuer;
  const std::string endpoint = issuer + "/token";
  json::array many;
  for (int i = 0; i < 17; ++i) many.emplace_back(issuer);
  struct Row {
    json::value aud;
    bool standard;
    bool compat;
  };
  const Row rows[] = {
      {json::string(issuer), true, true},
      {json::string(endpoint), false, true},
      {json::array{issuer}, false, true},
      {json::array{endpoint}, false, true},
      {json::array{"https://other.example", issuer}, false, true},
      {json::array{"https://other.example"}, false, false},
      {json::array{issuer, 1}, false, false},
      {json::array{}, false, false},
      {many, false, false},
      {json::string(issuer + "/"), false, false},
      {json::string(endpoint + "/"), false, false},
      {json::string("HTTP://localhost:2003"), false, false},
      {json::string("https://other.example"), false, false},
      {1, false, false},
      {nullptr, false, false},
  };
  for (const auto& row : rows) {
    const auto shown = json::serialize(row.aud);
    const auto spoil = [&](json::object& payload) { payload["aud"] = row.aud; };
    const std::string_view no = "client.assertion_audience";
    EXPECT_EQ(judged_with(spoil), row.standard ? "ok" : no) << shown;
    EXPECT_EQ(judged_with(spoil, key_client(Profile::fapi2)), row.standard ? "ok" : no) << shown;
    EXPECT_EQ(judged_with(spoil, key_client(Profile::oidc_compat)), row.compat ? "ok" : no)
        << shown;
  }
  EXPECT_EQ(judged_with([](auto& payload) { payload.erase("aud"); }), "client.assertion_audience");
}

// C8.4, JO-24
TEST(ClientAssertion, C8_4_claims) {
  struct Row {
    std::string_view id;
    std::string_view name;
    json::value value;  // null: taken out
    std::string_view outcome;
  };
  const Row rows[] = {
      {"C8.4", "iss", nullptr, "client.assertion_issuer"},
      {"C8.4", "sub", nullptr, "client.assertion_issuer"},
      {"C8.4", "iss", "other", "client.assertion_issuer"},
      {"C8.4", "sub", "other", "client.assertion_issuer"},
      {"C8.4", "iss", 1, "client.assertion_issuer"},
      {"C8.4", "exp", nullptr, "client.assertion_lifetime"},
      {"JO-24", "exp", json::string(std::to_string(at(60s))), "client.assertion_lifetime"},
      {"JO-24", "exp", -1, "client.assertion_lifetime"},
      {"JO-24", "exp", 9007199254740992, "client.assertion_lifetime"},
      {"JO-24", "exp", 9007199254740991, "client.assertion_too_long"},
      {"JO-24", "exp", static_cast<double>(at(60s)) + 0.5, "ok"},
      {"C8.4", "exp", at(-9s), "client.assertion_lifetime"},  // before its own iat
      {"C8.4", "exp", at(310s), "ok"},
      {"C8.4", "exp", at(311s), "client.assertion_too_long"},
      {"C8.4", "iat", nullptr, "ok"},
      {"C8.4", "iat", at(10s), "ok"},
      {"C8.4", "iat", at(59s), "client.assertion_not_yet"},
      {"C8.4", "iat", at(61s), "client.assertion_lifetime"},
      {"JO-24", "iat", "now", "client.assertion_lifetime"},
      {"C8.4", "nbf", at(10s), "ok"},
      {"C8.4", "nbf", at(11s), "client.assertion_not_yet"},
      {"JO-24", "nbf", at(61s), "client.assertion_lifetime"},
      {"JO-24", "nbf", "now", "client.assertion_lifetime"},
      {"C8.4", "jti", nullptr, "client.assertion_no_id"},
      {"C8.4", "jti", "", "client.assertion_no_id"},
      {"C8.4", "jti", 7, "client.assertion_no_id"},
      {"TE-06", "more", "than needed", "ok"},
  };
  for (const auto& row : rows) {
    const auto spoil = [&](json::object& payload) {
      if (row.value.is_null()) {
        payload.erase(row.name);
      } else {
        payload[row.name] = row.value;
      }
    };
    EXPECT_EQ(judged_with(spoil), row.outcome)
        << row.id << " " << row.name << " " << json::serialize(row.value);
  }
}

// C8.4: ten seconds of difference pass, five minutes do not.
TEST(ClientAssertion, C8_4_expiry) {
  const auto expiring = [](std::chrono::seconds exp) {
    return [exp](json::object& payload) {
      payload["iat"] = at(-600s);
      payload["exp"] = at(exp);
    };
  };
  EXPECT_EQ(judged_with(expiring(0s)), "ok");
  EXPECT_EQ(judged_with(expiring(-9s)), "ok");
  EXPECT_EQ(judged_with(expiring(-10s)), "client.assertion_expired");
  EXPECT_EQ(judged_with(expiring(-300s)), "client.assertion_expired");
  // Certified OpenID clients let theirs live for up to an hour.
  EXPECT_EQ(judged_with(expiring(3600s), key_client(Profile::oidc_compat)), "ok");
  EXPECT_EQ(judged_with(expiring(3611s), key_client(Profile::oidc_compat)),
            "client.assertion_too_long");
}

// CA-10, CA-11, JO-27, JO-29
TEST(ClientAssertion, CA_10_type) {
  struct Row {
    std::string_view typ;
    bool right;
  };
  const Row rows[] = {{"JWT", true},
                      {"jwt", true},
                      {"application/jwt", true},
                      {"client-authentication+jwt", true},
                      {"Application/Client-Authentication+JWT", true},
                      {"authorization-grant+jwt", false},
                      {"dpop+jwt", false},
                      {"at+jwt", false},
                      {"logout+jwt", false},
                      {"JWT ", false},
                      {"", false}};
  for (const auto& row : rows) {
    EXPECT_EQ(judged(signed_by(crypto::Alg::ES256, claims(), row.typ)),
              row.right ? "ok" : "client.assertion_for_else")
        << row.typ;
  }
  const std::string kid = key_of(crypto::Alg::ES256).kid();
  EXPECT_EQ(judged(with_header({{"alg", "ES256"}, {"kid", kid}}, claims())), "ok");
  EXPECT_EQ(judged(with_header({{"alg", "ES256"}, {"kid", kid}, {"typ", 1}}, claims())),
            "client.assertion_for_else");
}

// CA-04, CA-05, JO-02, JO-03, JO-04, JO-05, JO-06, JO-19, JO-20, RFC8725-3.1
TEST(ClientAssertion, CA_04_header) {
  const auto& key = key_of(crypto::Alg::ES256);
  const json::object right{{"alg", "ES256"}, {"kid", key.kid()}};
  struct Row {
    std::string_view id;
    std::string_view name;
    json::value value;  // null: taken out
    std::string_view outcome;
  };
  const Row rows[] = {
      {"CA-04", "alg", "none", "client.assertion_algorithm"},
      {"CA-04", "alg", "None", "client.assertion_algorithm"},
      {"CA-04", "alg", "nOnE", "client.assertion_algorithm"},
      {"CA-04", "alg", nullptr, "client.assertion_unsound"},
      {"CA-05", "alg", "HS256", "client.assertion_algorithm"},
      {"JO-29", "alg", "es256", "client.assertion_algorithm"},
      {"CA-05", "alg", "RS256", "client.assertion_key"},
      {"JO-02", "crit", json::array{"exp"}, "client.assertion_unsound"},
      {"JO-02", "crit", json::array{}, "client.assertion_unsound"},
      {"JO-03", "b64", false, "client.assertion_unsound"},
      {"JO-06", "kid", nullptr, "ok"},
      {"JO-06", "kid", "../../dev/null", "client.assertion_key"},
      {"JO-06", "kid", "' OR 1=1 --", "client.assertion_key"},
      {"JO-06", "kid", json::string(1000, 'k'), "client.assertion_unsound"},
      {"JO-05", "jku", "https://attacker.example/jwks", "ok"},
      {"JO-05", "x5u", "https://attacker.example/x5u", "ok"},
  };
  for (const auto& row : rows) {
    auto header = right;
    if (row.value.is_null()) {
      header.erase(row.name);
    } else {
      header[row.name] = row.value;
    }
    EXPECT_EQ(judged(with_header(header, claims())), row.outcome)
        << row.id << " " << row.name << " " << json::serialize(row.value);
  }
}

// JO-04: a key that came along proves nothing.
TEST(ClientAssertion, JO_04_embedded_key) {
  const auto thief = crypto::PrivateKey::generate(crypto::Alg::ES256);
  const json::object header{
      {"alg", "ES256"}, {"kid", thief.kid()}, {"jwk", thief.public_key().jwk()}};
  const auto part = [](const json::object& object) {
    return base64url_encode(as_bytes(json::serialize(object)));
  };
  const auto input = part(header) + "." + part(claims());
  EXPECT_EQ(judged(input + "." + base64url_encode(thief.sign(input))), "client.assertion_key");
}

// CA-04, JO-07, JO-19, JO-20: whatever is done to the text of a good one.
TEST(ClientAssertion, CA_04_text) {
  const auto good = signed_by(crypto::Alg::ES256, claims());
  const auto dot = good.rfind('.');
  auto mutated = good;
  mutated[dot + 5] = mutated[dot + 5] == 'A' ? 'B' : 'A';
  EXPECT_EQ(judged(good), "ok");
  EXPECT_EQ(judged(mutated), "client.assertion_signature");
  EXPECT_EQ(judged(good.substr(0, dot + 1)), "client.assertion_unsound");
  EXPECT_EQ(judged(good + "A"), "client.assertion_signature");
  EXPECT_EQ(judged(good + "AAA"), "client.assertion_unsound");
  EXPECT_EQ(judged(good + "=="), "client.assertion_unsound");
  EXPECT_EQ(judged(good + ".e30"), "client.assertion_unsound");
  EXPECT_EQ(judged("{\"payload\":\"e30\"}"), "client.assertion_unsound");
  EXPECT_EQ(judged(""), "client.assertion_unsound");
}

// CA-05: the public key of an RSA client, taken for a secret.
TEST(ClientAssertion, CA_05_public_key_as_secret) {
  const auto jwk = json::serialize(key_of(crypto::Alg::RS256).public_key().jwk());
  const auto forged = crypto::mac_jws(crypto::MacKey(as_bytes(jwk)),
                                      key_of(crypto::Alg::RS256).kid(), "JWT", claims());
  EXPECT_EQ(judged(forged), "client.assertion_algorithm");
  // Not even when somebody hands the rule a secret: this client has none.
  PresentedClient presented;
  presented.client_id = "demo";
  presented.assertion = forged;
  const AssertionKeys keys{&all_published(), Secret(jwk)};
  EXPECT_EQ(outcome(judge_client_assertion(presented, shared(key_client()), keys, policy(), kNow)),
            "client.assertion_algorithm");
}

Client secret_jwt_client() {
  auto client = key_client();
  client.auth_method = AuthMethod::client_secret_jwt;
  return client;
}

std::string_view judged_by_secret(const std::string& assertion, const Client& client,
                                  std::optional<Secret> secret) {
  PresentedClient presented;
  presented.client_id = "demo";
  presented.assertion = assertion;
  const AssertionKeys keys{&all_published(), std::move(secret)};
  return outcome(judge_client_assertion(presented, shared(client), keys, policy(), kNow));
}

// C8.2, RFC7518-3.2
TEST(ClientAssertion, C8_2_by_shared_secret) {
  const Secret secret("0123456789abcdef0123456789abcdef-and-more");
  const auto good =
      crypto::mac_jws(crypto::MacKey(as_bytes(secret.reveal())), "any", "JWT", claims());
  auto client = secret_jwt_client();
  EXPECT_EQ(judged_by_secret(good, client, secret), "ok");
  EXPECT_EQ(judged_by_secret(good, client, Secret("another-secret-of-thirty-two-octets")),
            "client.assertion_signature");
  EXPECT_EQ(judged_by_secret(good, client, {}), "client.assertion_key");
  // CA-03, CA-05: a published key is not what this client registered.
  EXPECT_EQ(judged_by_secret(signed_by(crypto::Alg::ES256, claims()), client, secret),
            "client.assertion_algorithm");
  client.metadata.token_endpoint_auth_signing_alg = "HS256";
  EXPECT_EQ(judged_by_secret(good, client, secret), "ok");
  client.metadata.token_endpoint_auth_signing_alg = "HS512";
  EXPECT_EQ(judged_by_secret(good, client, secret), "client.assertion_algorithm");
  client = secret_jwt_client();
  client.secret_expires_at = kNow;  // CA-17
  EXPECT_EQ(judged_by_secret(good, client, secret), "client.secret_expired");
}

// CA-03, CA-17
TEST(ClientAssertion, CA_03_clients_that_may_not) {
  const auto good = signed_by(crypto::Alg::ES256, claims());
  for (const auto method :
       {AuthMethod::none, AuthMethod::client_secret_basic, AuthMethod::client_secret_post}) {
    auto client = key_client();
    client.auth_method = method;
    EXPECT_EQ(judged(good, client), "client.other_method") << to_string(method);
  }
  auto disabled = key_client();
  disabled.disabled = true;
  EXPECT_EQ(judged(good, disabled), "client.disabled");
  auto other = key_client();
  other.client_id = "other";
  EXPECT_EQ(judged(good, other), "client.unknown");
}

// C8.4: PKCS #1 v1.5 is not for FAPI clients.
TEST(ClientAssertion, C8_4_fapi_algorithms) {
  const auto client = key_client(Profile::fapi2);
  EXPECT_EQ(judged(signed_by(crypto::Alg::RS256, claims()), client), "client.assertion_algorithm");
  for (const auto alg : {crypto::Alg::PS256, crypto::Alg::ES256, crypto::Alg::EdDSA}) {
    EXPECT_EQ(judged(signed_by(alg, claims()), client), "ok") << to_string(alg);
  }
}

// C8.5, RFC7521-4.2
TEST(ClientAssertion, C8_5_the_client_id_beside_it) {
  const auto assertion = signed_by(crypto::Alg::ES256, claims());
  const auto body =
      form({{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
            {"client_assertion", assertion}});
  const auto presented = parse_client_credentials({}, body, {});
  ASSERT_TRUE(presented);
  EXPECT_EQ(presented->client_id, "demo");
  EXPECT_EQ(presented->assertion, assertion);
  EXPECT_EQ(outcome(parse_client_credentials({}, plus(body, "client_id", "demo"), {})), "ok");
  EXPECT_EQ(outcome(parse_client_credentials({}, plus(body, "client_id", "other"), {})),
            "client.id_differs");
  auto nobody = claims();
  nobody.erase("sub");
  const auto unnamed = with(body, "client_assertion", signed_by(crypto::Alg::ES256, nobody));
  EXPECT_EQ(outcome(parse_client_credentials({}, unnamed, {})), "client.missing");
}

}  // namespace
}  // namespace claviger::protocol::test
