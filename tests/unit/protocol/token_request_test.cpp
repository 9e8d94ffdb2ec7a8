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
