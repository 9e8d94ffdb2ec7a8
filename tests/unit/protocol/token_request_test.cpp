#include "protocol/grants/request.hpp"

#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

Form code_form() {
  return form({{"grant_type", "authorization_code"},
               {"code", "c"},
               {"redirect_uri", kRedirect},
               {"code_verifier", kVerifier}});
}

Form refresh_form() { return form({{"grant_type", "refresh_token"}, {"refresh_token", "r"}}); }

constexpr std::string_view kDevice = "urn:ietf:params:oauth:grant-type:device_code";
constexpr std::string_view kBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::string_view kExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
constexpr std::string_view kTokenType = "urn:ietf:params:oauth:token-type:access_token";

Form exchange_form() {
  return form(
      {{"grant_type", kExchange}, {"subject_token", "s"}, {"subject_token_type", kTokenType}});
}

// RFC8693-2.1, RFC8707-2: resource and audience may each be sent several times.
TEST(TokenRequest, for_an_exchange) {
  auto body = plus(exchange_form(), "resource", "https://one.example");
  body = plus(plus(body, "resource", "https://two.example"), "audience", "https://three.example");
  body = plus(plus(body, "actor_token", "a"), "actor_token_type", kTokenType);
  const auto request = parse_token_request(plus(body, "scope", "email"), {});
  ASSERT_TRUE(request);
  const auto& exchange = std::get<ExchangeRequest>(*request);
  EXPECT_EQ(exchange.subject_token.reveal(), "s");
  EXPECT_EQ(exchange.actor_token->reveal(), "a");
  EXPECT_EQ(exchange.scope, Scopes{"email"});
  EXPECT_EQ(exchange.targets.size(), 3u);
}

TEST(TokenRequest, for_the_other_grants) {
  const auto own = parse_token_request(
      form({{"grant_type", "client_credentials"}, {"scope", "email"}, {"resource", "u:1"}}), {});
  ASSERT_TRUE(own);
  EXPECT_EQ(std::get<ClientCredentialsRequest>(*own).scope, Scopes{"email"});
  EXPECT_EQ(std::get<ClientCredentialsRequest>(*own).resources.size(), 1u);
  const auto device =
      parse_token_request(form({{"grant_type", kDevice}, {"device_code", "d"}}), {});
  ASSERT_TRUE(device);
  EXPECT_EQ(std::get<DeviceRequest>(*device).device_code.reveal(), "d");
  const auto bearer = parse_token_request(form({{"grant_type", kBearer}, {"assertion", "j"}}), {});
  ASSERT_TRUE(bearer);
  EXPECT_EQ(std::get<AssertionRequest>(*bearer).assertion, "j");
}

// TX-02, TX-08, RFC8693-2.1, RFC8693-3
TEST(TokenRequest, TX_02_spoiled_exchange) {
  struct Row {
    std::string_view id;
    Form body;
    Form query;
    std::string_view outcome;
  };
  const Row rows[] = {
      {"TX-02", form({{"grant_type", kExchange}}), {}, "exchange.parameter_missing"},
      {"TX-02", without(exchange_form(), "subject_token"), {}, "exchange.parameter_missing"},
      {"TX-02", without(exchange_form(), "subject_token_type"), {}, "exchange.parameter_missing"},
      {"TX-02", plus(exchange_form(), "subject_token", "t"), {}, "token.parameter_repeated"},
      {"RFC8693-2.1", plus(exchange_form(), "actor_token", "t"), {}, "exchange.actor_incomplete"},
      {"RFC8693-2.1",
       plus(exchange_form(), "actor_token_type", kTokenType),
       {},
       "exchange.actor_incomplete"},
      {"RFC8693-3",
       with(exchange_form(), "subject_token_type",
            "urn:ietf:params:oauth:token-type:refresh_token"),
       {},
       "exchange.token_type"},
      {"RFC8693-3",
       with(exchange_form(), "subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
       {},
       "ok"},
      {"TX-08",
       plus(exchange_form(), "requested_token_type",
            "urn:ietf:params:oauth:token-type:refresh_token"),
       {},
       "exchange.requested_type"},
      {"CI-20", plus(exchange_form(), "scope", std::string(4097, 'a')), {}, "scope.too_long"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(outcome(parse_token_request(row.body, row.query)), row.outcome) << row.id;
  }
}

// RFC6749-4.1.3
TEST(TokenRequest, for_a_code) {
  const auto request = parse_token_request(code_form(), {});
  ASSERT_TRUE(request);
  const auto& code = std::get<CodeRequest>(*request);
  EXPECT_EQ(code.code.reveal(), "c");
  EXPECT_EQ(code.redirect_uri, kRedirect);
  EXPECT_EQ(code.code_verifier, kVerifier);
}

// RFC6749-6, and the word of the first callers.
TEST(TokenRequest, for_a_refresh_under_both_names) {
  for (const std::string_view word : {"refresh_token", "refresh"}) {
    const auto request =
        parse_token_request(plus(with(refresh_form(), "grant_type", word), "scope", "email"), {});
    ASSERT_TRUE(request) << word;
    const auto& refresh = std::get<RefreshRequest>(*request);
    EXPECT_EQ(refresh.refresh_token.reveal(), "r");
    EXPECT_EQ(refresh.scope, Scopes{"email"});
  }
  EXPECT_FALSE(std::get<RefreshRequest>(*parse_token_request(refresh_form(), {})).scope);
}

// OAUTH21-3.2, RFC6749-3.2, RFC6749-5.2
TEST(TokenRequest, spoiled) {
  struct Row {
    std::string_view id;
    Form body;
    Form query;
    std::string_view outcome;
  };
  const Row rows[] = {
      {"TE-03", code_form(), form({{"code", "c"}}), "token.parameter_in_query"},
      {"TE-03", code_form(), form({{"grant_type", "x"}}), "token.parameter_in_query"},
      {"TE-03", code_form(), form({{"unrelated", "x"}}), "ok"},
      {"TE-03", without(code_form(), "code"), form({{"code", "c"}}), "token.code_missing"},
      {"TE-04", plus(code_form(), "code", "d"), {}, "token.parameter_repeated"},
      {"TE-04", plus(code_form(), "grant_type", "refresh"), {}, "token.parameter_repeated"},
      {"TE-04", plus(plus(code_form(), "x", "1"), "x", "2"), {}, "token.parameter_repeated"},
      {"TE-04", plus(plus(code_form(), "resource", "1"), "resource", "2"), {}, "ok"},
      {"TE-05", form({{"grant_type", ""}, {"code", "c"}}), {}, "token.grant_type_missing"},
      {"TE-05",
       form({{"grant_type", "authorization_code"}, {"code", ""}}),
       {},
       "token.code_missing"},
      {"TE-05", form({{"grant_type", "refresh"}}), {}, "token.refresh_token_missing"},
      {"TE-06", plus(code_form(), "never_heard_of", "x"), {}, "ok"},
      {"TE-07", with(code_form(), "grant_type", "password"), {}, "token.grant_type_unknown"},
      {"TE-07",
       with(code_form(), "grant_type", "Authorization_Code"),
       {},
       "token.grant_type_unknown"},
      {"TE-07", with(code_form(), "grant_type", "implicit"), {}, "token.grant_type_unknown"},
      {"RFC8628-3.4", form({{"grant_type", kDevice}}), {}, "device.code_missing"},
      {"RFC7523-2.1", form({{"grant_type", kBearer}}), {}, "assertion.missing"},
      {"CI-20", plus(refresh_form(), "scope", std::string(4097, 'a')), {}, "scope.too_long"},
      {"RFC6749-3.3", plus(refresh_form(), "scope", "a\"b"), {}, "scope.malformed"},
      {"RT-14", plus(refresh_form(), "client_session_host", "evil"), {}, "ok"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(outcome(parse_token_request(row.body, row.query)), row.outcome) << row.id;
  }
}

}  // namespace
}  // namespace claviger::protocol::test
