// What `claviger try` makes of the tokens that a server gives, and the lines for curl.
#include <gtest/gtest.h>

#include "app/try/curl_line.hpp"
#include "app/try/judge_token.hpp"
#include "crypto/jws.hpp"

namespace claviger::app {
namespace {

namespace json = boost::json;

constexpr std::int64_t kNow = 1'800'000'000;
constexpr std::string_view kIssuer = "https://issuer.example";
constexpr std::string_view kAccessToken = "an access token";

const crypto::PrivateKey& signing_key() {
  static const auto key = crypto::PrivateKey::generate(crypto::Alg::ES256);
  return key;
}

// `claims` with the one member of `spoiled` in place of its own.
json::object with(json::object claims, const json::value& spoiled) {
  const auto& member = *spoiled.as_object().begin();
  claims[member.key()] = member.value();
  return claims;
}

class TriedTokens : public testing::Test {
 protected:
  TriedTokens() {
    id_claims_ = {{"iss", kIssuer},
                  {"sub", "ada"},
                  {"aud", "app"},
                  {"exp", kNow + 60},
                  {"iat", kNow},
                  {"nonce", "n"},
                  {"at_hash", crypto::half_hash(crypto::Alg::ES256, kAccessToken)}};
    access_claims_ = {{"iss", kIssuer},     {"sub", "ada"},     {"aud", kIssuer},
                      {"client_id", "app"}, {"exp", kNow + 60}, {"iat", kNow}};
  }

  TokenJudgement judge_identity(const json::object& claims, std::string_view typ = "JWT") {
    return judge_id_token(crypto::sign_jws(signing_key(), typ, claims), keys_, expected_);
  }
  TokenJudgement judge_access(const json::object& claims, std::string_view typ = "at+jwt") {
    return judge_access_token(crypto::sign_jws(signing_key(), typ, claims), keys_, expected_);
  }

  std::vector<crypto::PublicKey> keys_ =
      read_key_set({{"keys", json::array{signing_key().public_key().jwk()}}});
  TokenExpectation expected_{kIssuer, "app", "n", kAccessToken, from_seconds(kNow)};
  json::object id_claims_;
  json::object access_claims_;
};

TEST_F(TriedTokens, sound_ones_are_verified) {
  EXPECT_TRUE(judge_identity(id_claims_).verified) << judge_identity(id_claims_).remark;
  EXPECT_TRUE(judge_access(access_claims_).verified) << judge_access(access_claims_).remark;
}

// OIDCC-3.1.3.7: one fact spoiled at a time.
TEST_F(TriedTokens, an_id_token_with_one_thing_wrong_is_not) {
  const json::array rows{
      {{"iss", "https://other.example"}},
      {{"aud", "other"}},
      {{"aud", json::array{"app", "other"}}},
      {{"azp", "other"}},
      {{"exp", kNow}},
      {{"iat", kNow + 61}},
      {{"nonce", "m"}},
      {{"nonce", nullptr}},
      {{"sub", ""}},
      {{"at_hash", crypto::half_hash(crypto::Alg::ES256, "another")}},
  };
  for (const auto& row : rows) {
    const auto judged = judge_identity(with(id_claims_, row));
    EXPECT_FALSE(judged.verified) << row;
    EXPECT_FALSE(judged.sealed) << row;
    EXPECT_FALSE(judged.remark.empty()) << row;
  }
}

// RFC9068-4
TEST_F(TriedTokens, an_access_token_with_one_thing_wrong_is_not) {
  const json::array rows{
      {{"iss", "https://other.example"}}, {{"client_id", "other"}}, {{"exp", kNow - 1}}};
  for (const auto& row : rows) {
    EXPECT_FALSE(judge_access(with(access_claims_, row)).verified) << row;
  }
}

// RFC8725-3.11: one kind of token does not pass for another.
TEST_F(TriedTokens, kinds_are_kept_apart) {
  EXPECT_FALSE(judge_identity(id_claims_, "at+jwt").verified);
  EXPECT_FALSE(judge_identity(id_claims_, "logout+jwt").verified);
  EXPECT_FALSE(judge_access(access_claims_, "JWT").verified);
}

TEST_F(TriedTokens, a_key_that_the_server_does_not_publish_proves_nothing) {
  const auto other = crypto::PrivateKey::generate(crypto::Alg::ES256);
  const auto token = crypto::sign_jws(other, "JWT", id_claims_);
  EXPECT_FALSE(judge_id_token(token, keys_, expected_).verified);
}

TEST_F(TriedTokens, what_only_others_can_read_is_no_fault) {
  EXPECT_TRUE(judge_access_token("opaque.token", keys_, expected_).sealed);
  EXPECT_TRUE(judge_id_token("a.b.c.d.e", keys_, expected_).sealed);
  EXPECT_TRUE(look_at_refresh_token("anything").sealed);
}

TEST(CurlLine, holds_no_secret_and_is_one_word_for_the_shell_where_it_should_be) {
  outbound::Request request;
  request.method = "POST";
  request.url = "https://issuer.example/token";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Authorization", "Basic YXBwOlMzQ1JFVA=="}};
  request.body = "grant_type=refresh_token&refresh_token=T0KEN&scope=it%27s";
  EXPECT_EQ(curl_line(request, ""),
            "curl -s 'https://issuer.example/token' -u 'app':\"$CLIENT_SECRET\""
            " --data-urlencode 'grant_type=refresh_token'"
            " --data-urlencode \"refresh_token=$REFRESH_TOKEN\""
            " --data-urlencode 'scope=it'\\''s'");
}

TEST(CurlLine, of_bearers_and_of_json) {
  outbound::Request request;
  request.url = "https://localhost/userinfo";
  request.headers = {{"Authorization", "Bearer T0KEN"}};
  EXPECT_EQ(curl_line(request, "/ca.pem"),
            "curl -s 'https://localhost/userinfo' --cacert '/ca.pem'"
            " -H \"Authorization: Bearer $ACCESS_TOKEN\"");
  request = {.method = "POST", .url = "https://localhost/register", .body = "{}"};
  request.headers = {{"Content-Type", "application/json"}};
  EXPECT_EQ(curl_line(request, ""),
            "curl -s 'https://localhost/register' -H 'Content-Type: application/json' -d '{}'");
}

}  // namespace
}  // namespace claviger::app
