// What an OpenID request wants of the person: prompt, max_age, hints, acr, claims (C5.9 to C5.14).
#include "protocol/acr.hpp"
#include "protocol/tokens/subject.hpp"
#include "tests/server/openid_world.hpp"

namespace claviger::test {
namespace {

using OpenidPrompt = OpenidWorld;
using std::chrono::seconds;

std::int64_t auth_time(const boost::json::object& claims) {
  return json_seconds(claims, "auth_time").value_or(0);
}

// C5.10, CI-23
TEST_F(OpenidPrompt, C5_10_NoneIsNeverAPage) {
  EXPECT_EQ(ask(with(request(), "prompt", "none"))["error"], "login_required");
  const auto first = finish(request());
  ASSERT_TRUE(first.has("code"));
  EXPECT_TRUE(ask(with(request(), "prompt", "none")).has("code"));
  const auto more = with(with(request(), "scope", "openid email phone"), "prompt", "none");
  EXPECT_EQ(ask(more)["error"], "consent_required");
  for (const auto* type : {"id_token", "code id_token token"}) {
    EXPECT_TRUE(ask(with(request(type), "prompt", "none")).has("id_token")) << type;
  }
}

// C5.11, CI-24: a later auth_time, told to the client.
TEST_F(OpenidPrompt, C5_11_LoginAndMaxAgeAskAgain) {
  const auto first = auth_time(id_token(finish(request("id_token"))["id_token"]));
  site.clock.advance(seconds(2));
  for (const auto& [name, value] :
       {std::pair{"prompt", "login"}, {"max_age", "1"}, {"max_age", "0"}}) {
    SCOPED_TRACE(std::string(name) + "=" + value);
    const auto again = with(request("id_token"), name, value);
    EXPECT_EQ(page_of(again), "/login");
    EXPECT_GT(auth_time(id_token(finish(again)["id_token"])), first);
    site.clock.advance(seconds(2));
  }
}

TEST_F(OpenidPrompt, C5_11_AnAgeNotReachedAsksNobody) {  // C5.11
  const auto first = auth_time(id_token(finish(request("id_token"))["id_token"]));
  site.clock.advance(seconds(5));
  const auto again = ask(with(request("id_token"), "max_age", "10000"));
  EXPECT_EQ(auth_time(id_token(again["id_token"])), first);
}

TEST_F(OpenidPrompt, DefaultMaxAgeIsTheClientsOwn) {  // OIDCDR-2
  finish(request());
  change_client([](Client& c) { c.metadata.default_max_age = 1; });
  site.clock.advance(seconds(2));
  EXPECT_EQ(page_of(request()), "/login");
  EXPECT_EQ(ask(with(request(), "prompt", "none"))["error"], "login_required");
  EXPECT_TRUE(ask(with(request(), "max_age", "10000")).has("code"));
}

TEST_F(OpenidPrompt, ConsentIsAskedAgain) {  // OIDCC-3.1.2.4
  finish(request());
  EXPECT_EQ(page_of(with(request(), "prompt", "consent")), "/consent");
}

TEST_F(OpenidPrompt, SelectAccountAsksWhoGoesOn) {  // OIDCC-3.1.2.1
  const auto choose = with(request(), "prompt", "select_account");
  EXPECT_EQ(page_of(choose), "/login") << "nobody to choose among";
  finish(request());
  const auto start = location_of(browser.get(authorize_url(choose)));
  ASSERT_TRUE(start.starts_with("/account?txn=")) << start;
  const auto txn = parameter(start, "txn");
  // Not by the address alone (CI-24).
  EXPECT_TRUE(location_of(browser.get("/authorize?txn=" + txn)).starts_with("/account"));
  run_task(
      site.node().store().transactions.account_chosen(Id::parse(txn).value(), site.clock.now()));
  EXPECT_TRUE(came_of(browser.get("/authorize?txn=" + txn)).has("code"));
}

TEST_F(OpenidPrompt, CreateLeadsToSigningUp) {
  const auto create = with(request(), "prompt", "create");
  EXPECT_EQ(page_of(create), "/signup");
  finish(request());
  EXPECT_EQ(page_of(create), "/signup") << "somebody else may want an account";
}

class OpenidClosed : public OpenidWorld {
 protected:
  void SetUp() override {
    OpenidWorld::SetUp();
    site.settings.registration.open = "no";
    site.reopen();
  }
};

TEST_F(OpenidClosed, CreateIsASignIn) {
  EXPECT_EQ(page_of(with(request(), "prompt", "create")), "/login");
  EXPECT_TRUE(finish(with(request(), "prompt", "create")).has("code"));
}

// C5.12, OIDCC-3.1.2.1: expired or not.
TEST_F(OpenidPrompt, C5_12_AHintOfWhoeverIsSignedIn) {
  const auto hint = finish(request("id_token"))["id_token"];
  const auto silent = with(with(request(), "prompt", "none"), "id_token_hint", hint);
  EXPECT_TRUE(ask(silent).has("code"));
  // Long after it expired, in a session of today.
  site.clock.advance(std::chrono::hours(11));
  EXPECT_EQ(ask(silent)["error"], "login_required");
  finish(request());
  EXPECT_TRUE(ask(silent).has("code"));
}

class OpenidPeople : public OpenidWorld {
 protected:
  void SetUp() override {
    OpenidWorld::SetUp();
    const auto registered = site.post("/register_user", form_of({{"username", "grace"},
                                                                 {"password", kPassword},
                                                                 {"email", "grace@example.test"},
                                                                 {"firstname", "Grace"},
                                                                 {"lastname", "Hopper"}}));
    ASSERT_EQ(registered.status, 200u) << registered.body;
  }
  // As that person from here on, through whatever is asked.
  Came finish_as(const std::string& username, const Form& form) {
    auto response = browser.get(authorize_url(form));
    const auto txn = parameter(location_of(response), "txn");
    site.clock.advance(seconds(1));
    browser.post("/login", login_form(txn, kPassword, username));
    return follow(browser.get("/authorize?txn=" + txn));
  }
};

// CI-25: a hint signs nobody in, and nobody else in.
TEST_F(OpenidPeople, CI_25_AHintOfAnotherPerson) {
  const auto hint = finish_as("grace", request("id_token"))["id_token"];
  ASSERT_FALSE(hint.empty());
  browser.cookies.clear();
  const auto hinted = with(request(), "id_token_hint", hint);
  EXPECT_EQ(ask(with(hinted, "prompt", "none"))["error"], "login_required");
  finish(request());  // as ada
  EXPECT_EQ(ask(with(hinted, "prompt", "none"))["error"], "login_required");
  EXPECT_EQ(page_of(hinted), "/login");
  // Whoever signs in as somebody else is no answer either.
  const auto other = finish_as("ada", hinted);
  EXPECT_EQ(other["error"], "login_required");
  EXPECT_EQ(other.reason, "authorize.other_person");
  EXPECT_TRUE(finish_as("grace", hinted).has("code"));
}

TEST_F(OpenidPeople, TheClaimsParameterNamesAPerson) {  // OIDCC-5.5.1
  const auto sub = text(id_token(finish_as("grace", request("id_token"))["id_token"]), "sub");
  const auto wanted = with(request(), "claims", R"({"id_token":{"sub":{"value":")" + sub + "\"}}}");
  EXPECT_TRUE(ask(with(wanted, "prompt", "none")).has("code"));
  finish_as("ada", with(request(), "prompt", "login"));
  EXPECT_EQ(ask(with(wanted, "prompt", "none"))["error"], "login_required");
}

TEST_F(OpenidPrompt, CI_25_AHintThatIsNone) {
  const auto hint = finish(request("id_token"))["id_token"];
  auto forged = hint;
  forged[forged.size() - 10] = forged[forged.size() - 10] == 'A' ? 'B' : 'A';
  const auto none =
      base64url_encode(as_bytes(R"({"alg":"none","typ":"JWT"})")) + hint.substr(hint.find('.'));
  const auto access = finish(request("code token"))["access_token"];
  auto other = client();
  other.client_id = "other-client";
  add(other);
  const auto foreign = finish(with(request("id_token"), "client_id", "other-client"))["id_token"];
  for (const auto& bad : {std::string("nonsense"), forged, none, access, foreign}) {
    const auto came = ask(with(request(), "id_token_hint", bad));
    EXPECT_EQ(came["error"], "invalid_request") << bad.substr(0, 20);
    EXPECT_EQ(came.reason, "authorize.hint_unusable");
  }
}

TEST_F(OpenidPrompt, PairwiseHintsAreComparedAsTheClientSeesThem) {  // OIDCC-8.1
  change_client([](Client& c) {
    c.metadata.subject_type = SubjectType::pairwise;
    c.metadata.sector = "localhost";
  });
  const auto hint = finish(request("id_token"))["id_token"];
  EXPECT_TRUE(ask(with(with(request(), "prompt", "none"), "id_token_hint", hint)).has("code"));
}

// C5.9, OIDCC-5.5.1.1, SE-12
TEST_F(OpenidPrompt, C5_9_AcrIsOneOfThoseAsked) {
  const std::string ours(protocol::kAcrPassword);
  const auto wished = with(request("id_token"), "acr_values", "urn:other " + ours);
  EXPECT_EQ(text(id_token(finish(wished)["id_token"]), "acr"), ours);
  const auto claims = [](const std::string& acr) {
    return R"({"id_token":{"acr":{"essential":true,"values":[")" + acr + R"("]}}})";
  };
  const auto essential = with(request("id_token"), "claims", claims(ours));
  EXPECT_EQ(text(id_token(ask(essential)["id_token"]), "acr"), ours);
  const auto unmet = ask(with(request("id_token"), "claims", claims("urn:retina")));
  EXPECT_EQ(unmet["error"], "unmet_authentication_requirements");
  EXPECT_EQ(unmet.where, "fragment");
  EXPECT_TRUE(ask(with(request(), "acr_values", "urn:retina")).has("code")) << "a wish only";
}

TEST_F(OpenidPrompt, C5_13_WishesAreNeverErrors) {  // C5.13
  finish(request());
  for (const auto& [name, value] : {std::pair{"login_hint", "bob@example.com"},
                                    {"ui_locales", "se"},
                                    {"claims_locales", "se"},
                                    {"display", "page"},
                                    {"display", "popup"},
                                    {"display", "wap"}}) {
    EXPECT_TRUE(ask(with(request(), name, value)).has("code")) << name;
  }
}

// C5.14: by either place, whatever the scopes are.
TEST_F(OpenidPrompt, C5_14_ClaimsByName) {
  auto wanted = with(request("code id_token"), "scope", "openid");
  wanted = with(wanted, "claims",
                R"({"id_token":{"email":{"essential":true},"x":null},"userinfo":{"email":{}}})");
  const auto came = finish(wanted);
  EXPECT_EQ(text(id_token(came["id_token"]), "email"), site.settings.quickstart.email);
  const auto token = text_of(redeem(came["code"]), "access_token");
  auto asked = Site::make_get("/userinfo");
  asked.headers.add("Authorization", "Bearer " + token);
  EXPECT_EQ(text_of(site.send(asked), "email"), site.settings.quickstart.email);
}

// CI-27: a claim is no way around the person.
TEST_F(OpenidPrompt, CI_27_AClaimByNameIsAskedForAndRemembered) {
  finish(request());
  const auto more = with(request(), "claims", R"({"userinfo":{"phone_number":null}})");
  EXPECT_EQ(ask(with(more, "prompt", "none"))["error"], "consent_required");
  const auto start = location_of(browser.get(authorize_url(more)));
  ASSERT_TRUE(start.starts_with("/consent")) << start;
  EXPECT_NE(browser.get(start).body.find("phone number"), std::string::npos);
  EXPECT_TRUE(finish(more).has("code"));
  EXPECT_TRUE(ask(with(more, "prompt", "none")).has("code"));
}

// C8.11, OIDCC-11
TEST_F(OpenidPrompt, C8_11_OfflineAccessNeedsConsent) {
  const auto offline = with(request(), "scope", "openid offline_access");
  const auto granted = [&](const Form& form) {
    return text_of(redeem(finish(form)["code"]), "scope");
  };
  EXPECT_EQ(granted(offline), "openid");
  EXPECT_EQ(granted(with(offline, "prompt", "consent")), "openid offline_access");
  EXPECT_EQ(granted(offline), "openid offline_access") << "remembered";
}

// [session] same_site = "none": the session is seen in frames of other sites, the mark of a browser
// stays at home.
class OpenidFrames : public OpenidWorld {
 protected:
  void change_settings(config::Settings& settings) override {
    settings.issuer = "https://localhost:2003";
    settings.session.same_site = "none";
  }
};

TEST_F(OpenidFrames, C15_8_CookiesForFramesOnDemand) {  // C15.8
  const auto start = browser.get(authorize_url(request()));
  ASSERT_EQ(start.cookies.size(), 1u);
  EXPECT_EQ(start.cookies[0].same_site, http::SameSite::lax);
  const auto signed_in = browser.post("/login", login_form(parameter(location_of(start), "txn")));
  ASSERT_EQ(signed_in.cookies.size(), 2u);
  for (const auto& cookie : signed_in.cookies) {
    EXPECT_EQ(cookie.same_site, http::SameSite::none) << cookie.name;
    EXPECT_TRUE(cookie.secure) << cookie.name;
  }
  EXPECT_EQ(signed_in.cookies[0].name, "__Host-claviger");
  EXPECT_TRUE(signed_in.cookies[0].http_only);
  EXPECT_FALSE(signed_in.cookies[1].http_only);
}

}  // namespace
}  // namespace claviger::test
