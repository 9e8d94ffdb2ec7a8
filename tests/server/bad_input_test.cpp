// Every endpoint against malformed, oversized, truncated and hostile requests: a clear typed error,
// never a 500, never silence. And a store that fails: 503, nothing issued.
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

const std::vector<std::pair<http::Method, std::string>> kEndpoints{
    {http::Method::get, "/"},
    {http::Method::get, "/authorize"},
    {http::Method::post, "/authorize"},
    {http::Method::get, "/login"},
    {http::Method::post, "/login"},
    {http::Method::get, "/consent"},
    {http::Method::post, "/consent"},
    {http::Method::get, "/logout"},
    {http::Method::post, "/logout"},
    {http::Method::get, "/logout/done"},
    {http::Method::post, "/token"},
    {http::Method::get, "/api"},
    {http::Method::post, "/api"},
    {http::Method::post, "/register_client"},
    {http::Method::post, "/register_user"},
    {http::Method::get, "/.well-known/openid-configuration"},
    {http::Method::get, "/.well-known/oauth-authorization-server"},
    {http::Method::get, "/jwks"},
    {http::Method::get, "/livez"},
    {http::Method::get, "/readyz"},
    {http::Method::get, "/explain"},
};

const std::vector<std::string> kHostile{
    "",
    "&&&===&&&",
    "%",
    "%zz=1",
    "a=%00",
    "a=%ff%fe",
    "client_id=%c0%af",
    "grant_type=authorization_code",
    "grant_type=authorization_code&client_id=demo-client&client_secret=demo-client-secret&code=.",
    "grant_type=refresh&client_id=demo-client&client_secret=demo-client-secret&refresh_token=eyJ",
    "client_id=demo-client&response_type=code&redirect_uri=javascript:alert(1)",
    "txn=AAAAAAAAAAAAAAAAAAAAAA",
    "txn=" + std::string(5000, 'A'),
    "username=" + std::string(3000, 'u') + "&password=" + std::string(3000, 'p'),
    "request_id=%22%3E%3Cscript%3E",
    "{\"a\":",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "{\"client_id\":1e999}",
    "{\"client_id\":{\"client_id\":[]}}",
    "{\"redirect_uris\":[null,1,{}]}",
    "{\"username\":\"\\u0000\",\"password\":\"\\ud800\"}",
};

bool is_typed(const http::Response& response) {
  if (response.status < 400) return true;
  if (response.body.find("id=\"error-code\"") != std::string::npos) return true;
  if (response.status == 422 || response.status == 429) return !response.body.empty();
  return !text_of(response, "error").empty();
}

TEST(BadInput, EveryEndpointAnswersEveryHostileRequestWithATypedError) {
  Site site;
  site.register_demo();
  for (const auto& [method, path] : kEndpoints) {
    for (const auto& hostile : kHostile) {
      for (const char* type :
           {"application/x-www-form-urlencoded", "application/json", "text/html"}) {
        http::Request request;
        request.method = method;
        request.method_text = std::string(http::to_string(method));
        request.target = method == http::Method::get ? path + "?" + hostile : path;
        if (method == http::Method::post) {
          request.body = hostile;
          request.headers.add("Content-Type", type);
        }
        const auto response = site.send(request);
        EXPECT_LT(response.status, 500u) << path << " " << hostile;
        EXPECT_TRUE(is_typed(response)) << path << " " << hostile << " " << response.status;
        EXPECT_TRUE(response.headers.find("x-request-id").has_value()) << path;
      }
    }
  }
}

TEST(BadInput, HostileHeadersHarmNothing) {
  Site site;
  site.register_demo();
  const std::vector<std::pair<std::string, std::string>> headers{
      {"Authorization", "Bearer"},
      {"Authorization", "Bearer " + std::string(20000, 'a')},
      {"Authorization", "Basic !!!!"},
      {"Authorization", "Basic OjpvOg=="},
      {"Authorization", "Digest username=x"},
      {"Cookie", "claviger_2003=;;;=;claviger_2003"},
      {"Cookie", std::string(8000, '=')},
      {"Accept-Language", "de;q=9,,,;;;*;q=0.0001,\x7f"},
      {"Content-Type", "application/x-www-form-urlencoded; charset=\"utf-16"},
      {"X-Forwarded-For", "1.2.3.4, ::1, evil"},
      {"If-None-Match", "\"\"\"\",W/\"x"},
      {"Sec-Fetch-Site", "nonsense"},
  };
  for (const auto& [method, path] : kEndpoints) {
    for (const auto& [name, value] : headers) {
      http::Request request;
      request.method = method;
      request.method_text = std::string(http::to_string(method));
      request.target = path;
      request.headers.add(name, value);
      EXPECT_LT(site.send(request).status, 500u)
          << path << " " << name << ": " << value.substr(0, 40);
    }
  }
}

TEST(BadInput, AnUnknownPathAndMethodAreTyped) {
  Site site;
  EXPECT_EQ(site.get("/nothing/here").status, 404u);
  auto request = Site::make_get("/authorize");
  request.method = http::Method::delete_;
  request.method_text = "DELETE";
  EXPECT_EQ(site.send(request).status, 405u);
}

TEST(BadInput, AnotherHostIsMisdirected) {  // HT-13, RFC9110-15.5.20
  Site site;
  auto request = Site::make_get("/jwks");
  request.headers.add("Host", "evil.example");
  EXPECT_EQ(site.send(request).status, 421u);
}

TEST(Api, TheChallengeSaysWhatIsWrong) {  // RFC6750-3, RFC6750-3.1, IN-09
  Site site;
  site.register_demo();
  const auto bare = site.get("/api");
  EXPECT_EQ(bare.status, 401u);
  const auto challenge = bare.headers.find("www-authenticate").value_or("");
  EXPECT_TRUE(challenge.starts_with("Bearer realm=\"http://localhost:2003\""));
  EXPECT_EQ(challenge.find("error="), std::string_view::npos);
  const auto bad = site.api("nonsense");
  EXPECT_EQ(bad.status, 401u);
  EXPECT_NE(bad.headers.find("www-authenticate").value_or("").find("error=\"invalid_token\""),
            std::string_view::npos);
  EXPECT_EQ(site.get("/api?access_token=x").status, 400u);
}

TEST(Api, AnExpiredOrForgedTokenIsRefused) {  // RFC9068-4, RFC6750-3.1
  Site site;
  site.register_demo();
  const auto tokens = fresh_tokens(site);
  for (std::size_t i = 0; i < tokens.access.size(); i += 11) {
    std::string forged = tokens.access;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    if (forged != tokens.access) EXPECT_EQ(site.api(forged).status, 401u) << i;
  }
  EXPECT_EQ(site.api(tokens.refresh).status, 401u);  // JO-27: one kind of token is not another
  EXPECT_EQ(site.api(tokens.access).status, 200u);
  site.clock.advance(std::chrono::minutes(10));
  EXPECT_EQ(site.api(tokens.access).status, 401u);
}

}  // namespace
}  // namespace claviger::test
