// The contract: the six calls of the system that was asked for, byte for byte where it gives bytes.
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

TEST(Seed, Step1RegistersTheClient) {
  Site site;
  const auto response = site.post("/register_client", Form{});
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body, R"({"status":"SUCCESS","message":"register client successfully"})");
}

TEST(Seed, Step1AgainSaysSoAndChangesNothing) {
  Site site;
  site.register_demo();
  const auto response = site.post("/register_client", Form{});
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body, R"({"status":"SUCCESS","message":"client already registered"})");
}

TEST(Seed, Step2RegistersTheUser) {
  Site site;
  const auto response = site.post("/register_user", Form{});
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body, R"({"status":"SUCCESS","message":"register user successfully"})");
}

TEST(Seed, Step2AgainSaysSoAndChangesNothing) {
  Site site;
  site.register_demo();
  const auto response = site.post("/register_user", Form{});
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body, R"({"status":"SUCCESS","message":"user already registered"})");
}

TEST(Seed, Step3RedirectsWithCodeAndState) {
  Site site;
  site.register_demo();
  Browser browser(site);
  const auto url = sign_in(browser);
  EXPECT_TRUE(url.starts_with(std::string(kCallback) + "?code=")) << url;
  EXPECT_NE(url.find("&state=xyz"), std::string::npos) << url;
  EXPECT_EQ(parameter(url, "iss"), kIssuer);
}

TEST(Seed, Step4GivesTwoTokensInJwtForm) {
  Site site;
  site.register_demo();
  const auto response = site.post("/token", code_form(fresh_code(site)));
  EXPECT_EQ(response.status, 200u);
  EXPECT_TRUE(response.body.starts_with(R"({"status":"SUCCESS","access_token":"eyJ)"))
      << response.body;
  const auto tokens = tokens_of(response);
  EXPECT_TRUE(tokens.refresh.starts_with("eyJ"));
  EXPECT_EQ(text_of(response, "token_type"), "Bearer");
  EXPECT_EQ(text_of(response, "scope"), "email username");
  EXPECT_EQ(json_of(response).at("expires_in"), 600);
}

TEST(Seed, Step5GivesTheClaimsOfTheGrantedScopes) {
  Site site;
  site.register_demo();
  const auto tokens = fresh_tokens(site);
  const auto response = site.api(tokens.access);
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body,
            R"({"status":"SUCCESS","data":{"email":"ada@example.test","username":"ada"}})");
}

TEST(Seed, Step5ByGet) {
  Site site;
  site.register_demo();
  auto request = Site::make_get("/api");
  request.headers.add("Authorization", "Bearer " + fresh_tokens(site).access);
  EXPECT_EQ(site.send(request).status, 200u);
}

TEST(Seed, Step6TakesTheWordRefreshAndReplacesTheToken) {
  Site site;
  site.register_demo();
  const auto before = fresh_tokens(site);
  const auto form = with(refresh_form(before.refresh), "grant_type", "refresh");
  const auto response = site.post("/token", form);
  EXPECT_EQ(response.status, 200u);
  EXPECT_TRUE(response.body.starts_with(R"({"status":"SUCCESS","access_token":"eyJ)"));
  const auto after = tokens_of(response);
  EXPECT_NE(after.refresh, before.refresh);
  EXPECT_EQ(site.api(after.access).status, 200u);
}

TEST(Seed, RegistrationTakesFormAndJsonInTheSeedsNames) {
  Site site;
  const auto client =
      site.post("/register_client", form_of({{"client_id", "second-client"},
                                             {"client_secret", "a-secret-of-sixteen"},
                                             {"redirect_uri", "http://localhost:3000/cb"}}));
  EXPECT_EQ(client.status, 200u) << client.body;
  EXPECT_EQ(text_of(client, "client_id"), "second-client");
  EXPECT_EQ(text_of(client, "message"), "register client successfully");
  const auto user = site.post_json(
      "/register_user",
      R"({"firstname":"Grace","lastname":"Hopper","username":"grace","phone":"+1 555 0100",)"
      R"("email":"grace@example.test","password":"a-compiler-for-all"})");
  EXPECT_EQ(user.status, 200u) << user.body;
  EXPECT_EQ(text_of(user, "message"), "register user successfully");
}

TEST(Seed, OtherDetailsUnderAKnownIdAreAConflict) {
  Site site;
  site.register_demo();
  const auto client = site.post("/register_client", form_of({{"client_id", "demo-client"},
                                                             {"client_secret", "another-secret-16"},
                                                             {"redirect_uri", kCallback}}));
  EXPECT_EQ(client.status, 409u);
  EXPECT_EQ(text_of(client, "status"), "FAILURE");
  const auto user = site.post("/register_user", form_of({{"username", "ada"},
                                                         {"email", "else@example.test"},
                                                         {"password", "quite-another-one"}}));
  EXPECT_EQ(user.status, 409u);
  EXPECT_EQ(text_of(user, "status"), "FAILURE");
  EXPECT_EQ(site.post("/register_client", Form{}).status, 200u);  // the first is as it was
}

TEST(Seed, FailureStandsBesideTheStandardError) {
  Site site;
  site.register_demo();
  const auto response = site.post("/token", code_form("nonsense"));
  EXPECT_EQ(response.status, 400u);
  EXPECT_EQ(text_of(response, "status"), "FAILURE");
  EXPECT_EQ(text_of(response, "error"), "invalid_grant");
  EXPECT_FALSE(text_of(response, "error_description").empty());
  EXPECT_FALSE(text_of(response, "request_id").empty());
}

TEST(Seed, RegistrationIsClosedAwayFromLoopback) {
  Site site([](config::Settings& settings) {
    settings.issuer = "https://id.example.com";
    settings.server.listen = {"127.0.0.1:2003"};
  });
  auto request = Site::make_post("/register_client", Form{});
  request.headers.add("Host", "id.example.com");
  const auto response = site.send(request);
  EXPECT_EQ(response.status, 403u);
  EXPECT_EQ(text_of(response, "status"), "FAILURE");
  EXPECT_NE(response.body.find("registration"), std::string::npos);
}

TEST(Seed, AForeignOriginMayNotRegister) {
  Site site;
  auto request = Site::make_post("/register_client", Form{});
  request.headers.add("Origin", "https://evil.example");
  EXPECT_EQ(site.send(request).status, 403u);
  auto cross = Site::make_post("/register_user", Form{});
  cross.headers.add("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(site.send(cross).status, 403u);
}

}  // namespace
}  // namespace claviger::test
