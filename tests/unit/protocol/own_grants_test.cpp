// Client credentials, and assertions about a person.
#include "crypto/jws.hpp"
#include "protocol/grants/client_credentials.hpp"
#include "protocol/grants/jwt_bearer.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

namespace json = boost::json;

Client robot() {
  auto client = confidential_client();
  client.grant_types = {GrantType::client_credentials};
  return client;
}

Policy offering() {
  auto offered = policy();
  offered.scopes.insert(offered.scopes.end(), {"openid", "offline_access"});
  offered.resources = {"https://api.example"};
  return offered;
}

Result<ClientCredentialsPlan> planned(const Client& client,
                                      const ClientCredentialsRequest& request) {
  return plan_client_credentials(request, authenticated(client), offering());
}

// RFC6749-4.4, RFC6749-4.4.2, CA-22
TEST(ClientCredentials, what_a_client_gets_for_itself) {
  auto client = robot();
  client.scopes = {"email", "openid", "offline_access"};
  const auto plan = planned(client, {});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->scopes, Scopes{"email"});
  EXPECT_TRUE(plan->resources.empty());
  const auto asked = planned(client, {Scopes{"email", "phone", "openid"}, {"https://api.example"}});
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->scopes, Scopes{"email"});
  EXPECT_EQ(asked->resources, std::vector<std::string>{"https://api.example"});
}

TEST(ClientCredentials, spoiled) {
  EXPECT_EQ(outcome(planned(confidential_client(), {})), "gate.grant_type");  // TE-08
  auto open = public_client();
  open.grant_types = {GrantType::client_credentials};
  EXPECT_EQ(outcome(planned(open, {})), "client_credentials.public");
  EXPECT_EQ(outcome(planned(robot(), {Scopes{"openid"}, {}})), "grant.no_scope_left");
  EXPECT_EQ(outcome(planned(robot(), {Scopes{"nonsense"}, {}})), "grant.no_scope_left");
  EXPECT_EQ(outcome(planned(robot(), {{}, {"https://evil.example"}})), "resource.unknown");
}

const crypto::PrivateKey& key() {
  static const auto made = crypto::PrivateKey::generate(crypto::Alg::ES256);
  return made;
}

const crypto::JwkSet& published() {
  static const auto set =
      crypto::JwkSet::parse_strict(
          json::serialize(json::object{{"keys", json::array{key().public_key().jwk()}}}))
          .value();
  return set;
}

json::object claims() {
  return {{"iss", "demo"},
          {"sub", "a-person"},
          {"aud", policy().issuer},
          {"exp", to_seconds(kNow + 60s)},
          {"jti", "one"}};
}

std::string_view judged(const json::object& payload, std::string_view typ = "JWT") {
  const auto assertion = crypto::sign_jws(key(), typ, payload);
  return outcome(
      judge_grant_assertion(assertion, confidential_client(), &published(), policy(), kNow));
}

// TX-09, RFC7523-2.1, RFC7523-3, RFC7523-3.1
TEST(GrantAssertion, TX_09_spoiled) {
  EXPECT_EQ(judged(claims()), "ok");
  EXPECT_EQ(judged(claims(), "authorization-grant+jwt"), "ok");
  EXPECT_EQ(judged(claims(), "client-authentication+jwt"), "assertion.type");
  EXPECT_EQ(judged(claims(), "at+jwt"), "assertion.type");
  struct Row {
    std::string_view name;
    json::value value;  // null: taken out
    std::string_view outcome;
  };
  const Row rows[] = {
      {"exp", nullptr, "assertion.lifetime"},
      {"exp", to_seconds(kNow - 10s), "assertion.expired"},
      {"exp", to_seconds(kNow + 400s), "assertion.too_long"},
      {"nbf", to_seconds(kNow + 30s), "assertion.not_yet"},
      {"aud", "https://other.example", "assertion.audience"},
      {"aud", "http://localhost:2003/token", "assertion.audience"},
      {"aud", json::array{"http://localhost:2003"}, "assertion.audience"},
      {"iss", "other", "assertion.issuer"},
      {"iss", nullptr, "assertion.issuer"},
      {"sub", nullptr, "assertion.issuer"},
      {"jti", nullptr, "assertion.no_id"},
  };
  for (const auto& row : rows) {
    auto payload = claims();
    if (row.value.is_null()) {
      payload.erase(row.name);
    } else {
      payload[row.name] = row.value;
    }
    EXPECT_EQ(judged(payload), row.outcome) << row.name << " " << json::serialize(row.value);
  }
}

// TX-09: alg confusion, keys of others, no keys at all.
TEST(GrantAssertion, TX_09_signature) {
  const auto other = crypto::PrivateKey::generate(crypto::Alg::ES256);
  const auto judge = [](const std::string& assertion, const crypto::JwkSet* keys) {
    return outcome(judge_grant_assertion(assertion, confidential_client(), keys, policy(), kNow));
  };
  const auto good = crypto::sign_jws(key(), "JWT", claims());
  EXPECT_EQ(judge(good, &published()), "ok");
  EXPECT_EQ(judge(good, nullptr), "assertion.key");
  EXPECT_EQ(judge(crypto::sign_jws(other, "JWT", claims()), &published()), "assertion.key");
  EXPECT_EQ(judge(good.substr(0, good.size() - 4) + "AAAA", &published()), "assertion.signature");
  const auto jwk = json::serialize(key().public_key().jwk());
  EXPECT_EQ(judge(crypto::mac_jws(crypto::MacKey(as_bytes(jwk)), key().kid(), "JWT", claims()),
                  &published()),
            "assertion.algorithm");
  EXPECT_EQ(judge("e30.e30.", &published()), "assertion.unsound");
}

// TX-09, RFC7521-5.2: what was never consented to isn't given.
TEST(GrantAssertion, TX_09_consent) {
  Consent consent;
  consent.scopes = {"openid", "email", "username"};
  const auto scope = [&](const std::optional<Scopes>& asked, const std::optional<Consent>& given) {
    return judge_assertion_scope(asked, given, confidential_client(), offering());
  };
  EXPECT_EQ(scope({}, consent).value(), (Scopes{"email", "username"}));
  EXPECT_EQ(scope(Scopes{"email"}, consent).value(), Scopes{"email"});
  EXPECT_EQ(outcome(scope(Scopes{"phone"}, consent)), "assertion.no_consent");
  EXPECT_EQ(outcome(scope(Scopes{"email", "phone"}, consent)), "assertion.no_consent");
  EXPECT_EQ(outcome(scope({}, {})), "assertion.no_consent");
}

TEST(GrantAssertion, who_may_speak_for_people) {
  auto client = confidential_client();
  EXPECT_EQ(outcome(judge_assertion_client(client)), "gate.grant_type");
  client.grant_types.push_back(GrantType::jwt_bearer);
  EXPECT_EQ(outcome(judge_assertion_client(client)), "ok");
  client.metadata.subject_type = SubjectType::pairwise;
  EXPECT_EQ(outcome(judge_assertion_client(client)), "assertion.subject");
  auto open = public_client();
  open.grant_types.push_back(GrantType::jwt_bearer);
  EXPECT_EQ(outcome(judge_assertion_client(open)), "assertion.public");
}

}  // namespace
}  // namespace claviger::protocol::test
