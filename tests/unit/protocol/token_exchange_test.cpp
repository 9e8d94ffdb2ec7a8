// An exchange in which everything is right; each row spoils one thing of it.
#include "protocol/grants/token_exchange.hpp"

#include "base/json.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

struct Exchange {
  ExchangeRequest request;
  Client client = confidential_client();
  AccessTokenClaims subject;
  std::optional<AccessTokenClaims> actor;
  Policy policy = test::policy();
};

AccessTokenClaims token_of(std::string client_id) {
  AccessTokenClaims claims;
  claims.sub = user().sub;
  claims.client_id = std::move(client_id);
  claims.scopes = {"openid", "email", "username", "offline_access"};
  claims.audience = {policy().issuer};
  claims.grant = id(5);
  return claims;
}

Exchange valid() {
  Exchange exchange;
  exchange.client.grant_types.push_back(GrantType::token_exchange);
  exchange.subject = token_of("demo");
  exchange.policy.resources = {"https://api.example", "https://two.example"};
  exchange.policy.scopes.insert(exchange.policy.scopes.end(), {"openid", "offline_access"});
  return exchange;
}

Result<ExchangePlan> planned(const Exchange& exchange) {
  return plan_exchange(exchange.request, authenticated(exchange.client), exchange.subject,
                       exchange.actor ? &*exchange.actor : nullptr, exchange.policy);
}

// RFC8693-2.2: as much as subject and client both allow, for whom the subject token was.
TEST(TokenExchange, without_wishes) {
  const auto plan = planned(valid());
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->scopes, (Scopes{"email", "username"}));
  EXPECT_EQ(plan->resources, std::vector<std::string>{policy().issuer});
  // TX-10: who acts is always said.
  EXPECT_EQ(plan->act, R"({"sub":"demo","client_id":"demo"})");
}

struct Row {
  std::string_view id;
  void (*spoil)(Exchange&);
  std::string_view outcome;
};

// TX-01, TX-06, TX-10, RFC8693-2.1, RFC8693-2.2.2, RFC8693-4.1, RFC8693-5
TEST(TokenExchange, spoiled) {
  const Row rows[] = {
      {"TE-08", [](Exchange& e) { e.client.grant_types = {}; }, "gate.grant_type"},
      {"TX-01", [](Exchange& e) { e.request.scope = {"phone"}; }, "exchange.scope"},
      {"TX-01", [](Exchange& e) { e.request.scope = {"email", "phone"}; }, "exchange.scope"},
      {"TX-01", [](Exchange& e) { e.request.scope = {"email"}; }, "ok"},
      {"TX-01",
       [](Exchange& e) {
         e.client.scopes = {"username"};
         e.request.scope = {"email"};
       },
       "exchange.scope"},
      {"TX-01", [](Exchange& e) { e.request.targets = {"https://evil.example"}; },
       "resource.unknown"},
      {"TX-01", [](Exchange& e) { e.request.targets = {"api"}; }, "resource.malformed"},
      {"TX-01", [](Exchange& e) { e.request.targets = {"https://api.example"}; }, "ok"},
      {"TX-10", [](Exchange& e) { e.subject.client_id = "other"; }, "exchange.not_meant"},
      {"TX-10",
       [](Exchange& e) {
         e.subject.client_id = "other";
         e.subject.audience = {"demo"};
       },
       "ok"},
      // Meant for the client as a resource, and not for our own endpoints: neither is its child.
      {"TX-01",
       [](Exchange& e) {
         e.subject.client_id = "other";
         e.subject.audience = {"demo"};
         e.request.targets = {e.policy.issuer};
       },
       "exchange.target"},
      {"TX-01",
       [](Exchange& e) {
         e.subject.client_id = "other";
         e.subject.audience = {"demo", e.policy.issuer};
         e.request.targets = {e.policy.issuer};
       },
       "ok"},
      {"CA-22", [](Exchange& e) { e.subject.grant.reset(); }, "exchange.no_person"},
      {"TX-10", [](Exchange& e) { e.actor = token_of("demo"); }, "ok"},
      {"TX-10", [](Exchange& e) { e.actor = token_of("other"); }, "exchange.actor_invalid"},
      {"TX-06", [](Exchange& e) { e.subject.act = R"({"sub":"a","act":{"sub":"b"}})"; }, "ok"},
      {"TX-06",
       [](Exchange& e) { e.subject.act = R"({"sub":"a","act":{"sub":"b","act":{"sub":"c"}}})"; },
       "ok"},
      {"TX-06",
       [](Exchange& e) {
         e.subject.act = R"({"sub":"a","act":{"sub":"b","act":{"sub":"c","act":{"sub":"d"}}}})";
       },
       "exchange.too_deep"},
      {"TX-06", [](Exchange& e) { e.subject.act = R"({"sub":"a","act":1})"; }, "ok"},
      {"TX-06", [](Exchange& e) { e.subject.act = "no JSON"; }, "exchange.subject_invalid"},
  };
  for (const auto& row : rows) {
    auto exchange = valid();
    row.spoil(exchange);
    EXPECT_EQ(outcome(planned(exchange)), row.outcome) << row.id;
  }
}

TEST(TokenExchange, only_of_clients_that_prove_who_they_are) {
  auto exchange = valid();
  exchange.client = public_client();
  exchange.client.grant_types.push_back(GrantType::token_exchange);
  EXPECT_EQ(outcome(planned(exchange)), "exchange.public");
}

// RFC8693-4.1: the current actor stands outermost, those before it inside.
TEST(TokenExchange, TX_06_actors_are_chained) {
  auto exchange = valid();
  exchange.subject.act = R"({"sub":"first"})";
  exchange.actor = token_of("demo");
  exchange.actor->sub = "somebody";
  const auto plan = planned(exchange);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->act, R"({"sub":"somebody","client_id":"demo","act":{"sub":"first"}})");
}

// TX-01: nobody signs in by an exchange, and nobody works on while nobody is there.
TEST(TokenExchange, TX_01_without_sign_in) {
  auto exchange = valid();
  exchange.request.scope = {"openid", "offline_access", "email"};
  EXPECT_EQ(planned(exchange)->scopes, Scopes{"email"});
}

}  // namespace
}  // namespace claviger::protocol::test
