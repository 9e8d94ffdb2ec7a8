// The claims parameter (OIDCC-5.5), C5.14.
#include "protocol/claims_request.hpp"

#include "base/limits.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

TEST(ClaimsRequest, C5_14_is_read_in_full) {  // C5.14, OIDCC-5.5.1
  const auto request = parse_claims_request(
      R"({"userinfo":{"given_name":{"essential":true},"nickname":null,"email":{},)"
      R"("http://example.info/claims/groups":null},)"
      R"("id_token":{"auth_time":{"essential":true},"acr":{"values":["a","b"]},)"
      R"("sub":{"value":"248289761001"}},"elsewhere":1})");
  ASSERT_TRUE(request) << request.error().reason->id;
  ASSERT_EQ(request->userinfo.size(), 4u);
  EXPECT_EQ(request->userinfo[0].name, "given_name");
  EXPECT_TRUE(request->userinfo[0].essential);
  EXPECT_FALSE(request->userinfo[1].essential);
  EXPECT_TRUE(request->userinfo[2].values.empty());
  const auto* acr = request->find_in_id_token("acr");
  ASSERT_NE(acr, nullptr);
  EXPECT_EQ(acr->values, (std::vector<boost::json::value>{"a", "b"}));
  EXPECT_EQ(request->find_in_id_token("sub")->values,
            (std::vector<boost::json::value>{"248289761001"}));
  EXPECT_EQ(request->find_in_id_token("nickname"), nullptr);
}

TEST(ClaimsRequest, nothing_is_wanted_of_an_empty_text) {
  const auto nothing = parse_claims_request("");
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->userinfo.empty());
  EXPECT_TRUE(nothing->id_token.empty());
}

std::string many(std::size_t n) {
  std::string text = R"({"userinfo":{)";
  for (std::size_t i = 0; i < n; ++i) {
    text += (i == 0 ? "\"c" : ",\"c") + std::to_string(i) + "\":null";
  }
  return text + "}}";
}

// OIDCC-5.5, OIDCC-5.5.1
TEST(ClaimsRequest, spoiled) {
  struct Row {
    std::string text;
    std::string_view outcome;
  };
  const Row rows[] = {
      {"{}", "ok"},
      {R"({"userinfo":null})", "ok"},
      {many(limits::kClaims), "ok"},
      {many(limits::kClaims + 1), "claims.too_long"},
      {std::string(limits::kClaimsBytes + 1, ' '), "claims.too_long"},
      {"[]", "claims.malformed"},
      {"null", "claims.malformed"},
      {R"({"userinfo":{}} x)", "claims.malformed"},
      {R"({"userinfo":{},"userinfo":{}})", "claims.malformed"},
      {R"({"userinfo":{"a":null,"\u0061":null}})", "claims.malformed"},
      {R"({"userinfo":[]})", "claims.member"},
      {R"({"id_token":"x"})", "claims.member"},
      {R"({"userinfo":{"email":true}})", "claims.member"},
      {R"({"userinfo":{"email":{"essential":"true"}}})", "claims.member"},
      {R"({"userinfo":{"email":{"values":"x"}}})", "claims.member"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(outcome(parse_claims_request(row.text)), row.outcome) << row.text.substr(0, 80);
  }
}

// The bound is on both places together.
TEST(ClaimsRequest, half_here_and_half_there_is_no_way_around_the_bound) {
  auto text = many(limits::kClaims);
  text.back() = ',';
  text += R"("id_token":{"x":null}})";
  EXPECT_EQ(outcome(parse_claims_request(text)), "claims.too_long");
}

}  // namespace
}  // namespace claviger::protocol::test
