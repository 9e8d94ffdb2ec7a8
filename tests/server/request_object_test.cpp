// Request objects at /authorize, by value and by reference (C6, PJ-01, PJ-06 to PJ-13).
#include "tests/server/openid_world.hpp"

namespace claviger::test {
namespace {

namespace json = boost::json;

constexpr const char* kRequestUri = "https://app.example.com/request.jwt";

class RequestObject : public OpenidWorld {
 protected:
  void SetUp() override {
    OpenidWorld::SetUp();
    change_client([](Client& c) {
      c.metadata.jwks = jwks_of(key());
      c.metadata.request_uris = {std::string(kRequestUri) + "#hash"};
    });
  }
  static const crypto::PrivateKey& key() {
    static const auto made = crypto::PrivateKey::generate(crypto::Alg::ES256);
    return made;
  }
  static std::string jwks_of(const crypto::PrivateKey& one) {
    return json::serialize(json::object{{"keys", json::array{one.public_key().jwk()}}});
  }
  json::object object() {
    return {{"iss", kClient},
            {"aud", kIssuer},
            {"exp", to_seconds(site.clock.now()) + 60},
            {"client_id", kClient},
            {"response_type", "code"},
            {"redirect_uri", kCallback},
            {"scope", "openid email"},
            {"state", "inner"},
            {"nonce", "inner-nonce"}};
  }
  static std::string sign(const json::object& inner, const crypto::PrivateKey& by = key()) {
    return crypto::sign_jws(by, "oauth-authz-req+jwt", inner);
  }
  static Form outer() {
    return form_of({{"client_id", kClient}, {"response_type", "code"}, {"scope", "openid"}});
  }
  Form by_value(const json::object& inner) { return with(outer(), "request", sign(inner)); }
};

// C6.1: state, nonce and redirect_uri inside alone.
TEST_F(RequestObject, C6_1_ByValue) {
  const auto came = finish(with(by_value(object()), "state", "outer"));
  EXPECT_EQ(came["state"], "inner");
  const auto claims = id_token(text_of(redeem(came["code"]), "id_token"));
  EXPECT_EQ(text(claims, "nonce"), "inner-nonce");
}

TEST_F(RequestObject, C6_1_EveryProfileMaySendOne) {  // C6.1
  change_client([](Client& c) { c.profile = Profile::standard; });
  EXPECT_TRUE(finish(by_value(object())).has("code"));
}

TEST_F(RequestObject, C6_2_TheInnerRedirectUriCounts) {  // C6.2
  const auto form = with(by_value(object()), "redirect_uri", "https://evil.example/");
  EXPECT_TRUE(finish(form).has("code"));
}

TEST_F(RequestObject, ResponseTypeAndModeInside) {  // OIDCC-6.1
  auto inner = object();
  inner["response_type"] = "id_token code";
  inner["response_mode"] = "form_post";
  const auto came = finish(with(by_value(inner), "response_type", "code id_token"));
  EXPECT_EQ(came.where, "form");
  EXPECT_TRUE(came.has("id_token"));
}

// PJ-13, RFC9101-10: nothing is sent to an address that nobody has vouched for, nor to the one
// beside it.
TEST_F(RequestObject, PJ_13_WhatIsWrongWithTheObjectIsShownHere) {
  const auto stranger = crypto::PrivateKey::generate(crypto::Alg::ES256);
  const auto spoiled = [&](const char* name, json::value value) {
    auto inner = object();
    inner[name] = std::move(value);
    return sign(inner);
  };
  struct Row {
    const char* what;
    std::string jwt;
    const char* reason;
  };
  const Row rows[] = {
      {"PJ-12", sign(object(), stranger), "request_object.signature"},
      {"C6.4", "no JWT", "request_object.signature"},
      {"C6.4",
       base64url_encode(as_bytes(R"({"alg":"none"})")) + "." +
           base64url_encode(as_bytes(json::serialize(object()))) + ".",
       "request_object.signature"},
      {"C6.4", spoiled("exp", to_seconds(site.clock.now()) - 60), "request_object.time"},
      {"C6.4", spoiled("aud", "https://other.example"), "request_object.audience"},
      {"PJ-12", spoiled("iss", "demo-client"), "request_object.issuer"},
      {"PJ-06", spoiled("request_uri", kRequestUri), "request_object.nested"},
      {"PJ-08", spoiled("client_id", "demo-client"), "request_object.differs"},
      {"PJ-08", spoiled("response_type", "code token"), "request_object.differs"},
      {"RU-01", spoiled("redirect_uri", "https://evil.example/"), "redirect_uri.mismatch"},
  };
  for (const auto& row : rows) {
    auto form = with(with(outer(), "request", row.jwt), "redirect_uri", kCallback);
    const auto came = ask(with(form, "prompt", "none"));
    EXPECT_EQ(came.where, "page") << row.what;
    EXPECT_EQ(came.status, 400u) << row.what;
    EXPECT_EQ(came.reason, row.reason) << row.what;
  }
}

// Once the object is proven, its own address is good for a refusal.
TEST_F(RequestObject, WhatIsWrongWithTheRequestGoesToTheClient) {
  auto inner = object();
  inner["prompt"] = "none";
  const auto came = ask(by_value(inner));
  EXPECT_EQ(came["error"], "login_required");
  EXPECT_EQ(came["state"], "inner");
}

TEST_F(RequestObject, WithoutKeysNoObject) {  // RFC9101-6.2
  change_client([](Client& c) { c.metadata.jwks.clear(); });
  EXPECT_EQ(ask(by_value(object())).reason, "request_object.no_keys");
}

// C6.3, PJ-01: fetched without the fragment, whatever it says.
TEST_F(RequestObject, C6_3_ByReference) {
  served[kRequestUri] = sign(object()) + "\n";
  for (const auto* fragment : {"#hash", "", "#n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"}) {
    fetched.clear();
    const auto form = with(outer(), "request_uri", std::string(kRequestUri) + fragment);
    EXPECT_EQ(finish(form)["state"], "inner") << fragment;
    EXPECT_EQ(fetched, std::vector<std::string>{kRequestUri});
  }
}

// PJ-01: no other address is ever asked for.
TEST_F(RequestObject, PJ_01_OnlyRegisteredAddressesOfTheRightProfile) {
  const auto refused = [&](const std::string& uri) {
    const auto form = with(with(outer(), "redirect_uri", kCallback), "state", "s");
    const auto came = ask(with(form, "request_uri", uri));
    EXPECT_EQ(came["error"], "request_uri_not_supported") << uri;
    EXPECT_EQ(came["state"], "s");
    EXPECT_TRUE(fetched.empty()) << uri;
  };
  refused("http://169.254.169.254/latest/meta-data");
  refused("https://app.example.com/other.jwt");
  refused("https://app.example.com/request.jwt?x");
  refused("file:///etc/passwd");
  refused("urn:ietf:params:oauth:request_uri:abc");
  change_client([](Client& c) { c.profile = Profile::standard; });
  refused(kRequestUri);
  // Nowhere to tell it: a page.
  EXPECT_EQ(ask(with(outer(), "request_uri", kRequestUri)).where, "page");
}

TEST_F(RequestObject, WhatCannotBeFetched) {  // OIDCC-6.2.2
  const auto form = with(with(outer(), "request_uri", kRequestUri), "redirect_uri", kCallback);
  auto came = ask(form);
  EXPECT_EQ(came.where, "page");
  EXPECT_EQ(came.reason, "request_object.uri_unreachable");
  served[kRequestUri] = std::string(70000, 'x');
  EXPECT_EQ(ask(form).reason, "request_object.uri_unreachable");
  served[kRequestUri] = "<html>";
  EXPECT_EQ(ask(form).reason, "request_object.signature");
}

// C5.1, CI-29: too long for any URL, from another site, without our cookies.
TEST_F(RequestObject, C5_1_ALongRequestIsPosted) {
  finish(request());
  auto inner = object();
  inner["padding"] = std::string(12000, 'x');
  auto request = Site::make_post("/authorize", by_value(inner));
  request.headers.add("Sec-Fetch-Site", "cross-site");
  request.headers.add("Sec-Fetch-Mode", "navigate");
  const auto cookies = browser.cookies;
  browser.cookies.clear();  // SameSite=Lax: a cross-site POST brings none
  const auto kept = browser.send(request);
  EXPECT_EQ(kept.status, 303u) << reason_of(kept);
  ASSERT_TRUE(location_of(kept).starts_with("/authorize?txn=")) << location_of(kept);
  // The browser follows with what it has: signed in it still is.
  browser.cookies["claviger_2003"] = cookies.at("claviger_2003");
  const auto came = came_of(browser.get(location_of(kept)));
  EXPECT_TRUE(came.has("code")) << came.reason;
  EXPECT_EQ(came["state"], "inner");
}

TEST_F(RequestObject, C5_1_ALongRequestOfAStranger) {  // C5.1
  auto inner = object();
  inner["padding"] = std::string(12000, 'x');
  const auto came = follow(browser.post("/authorize", by_value(inner)));
  EXPECT_TRUE(came.has("code")) << came.reason;
}

TEST_F(RequestObject, CI_23_ALongRequestWithPromptNone) {
  auto inner = object();
  inner["padding"] = std::string(12000, 'x');
  inner["prompt"] = "none";
  EXPECT_EQ(came_of(browser.post("/authorize", by_value(inner)))["error"], "login_required");
}

}  // namespace
}  // namespace claviger::test
