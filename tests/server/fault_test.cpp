// The store fails at every call in turn (TE-14, I5): 503 with Retry-After, nothing issued, and the
// same request succeeds as soon as the store is back.
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

using Attempt = std::function<http::Response()>;

// Lets the n-th call of the store fail, for every n, until the request needs no n-th call any more.
void expect_503_at_every_call(Site& site, const char* what, const Attempt& attempt) {
  constexpr int kMostCalls = 40;
  for (int n = 0; n < kMostCalls; ++n) {
    site.store_fails_in = n;
    const auto response = attempt();
    if (site.store_fails_in) {  // it needed fewer calls than that, and went through
      site.store_fails_in.reset();
      EXPECT_GT(n, 0) << what << " never asked the store";
      EXPECT_LT(response.status, 400u) << what << " " << response.body;
      return;
    }
    EXPECT_EQ(response.status, 503u) << what << ", call " << n << ": " << response.body;
    EXPECT_TRUE(response.headers.find("retry-after").has_value()) << what;
    EXPECT_FALSE(response.location.has_value()) << what;
    EXPECT_TRUE(text_of(response, "access_token").empty()) << what;
  }
  FAIL() << what << " needs more calls than this test is made for";
}

TEST(StoreFaults, EveryStepOfTheWalkThroughSurvivesThem) {  // TE-14
  Site site;
  expect_503_at_every_call(site, "register_client",
                           [&] { return site.post("/register_client", Form{}); });
  expect_503_at_every_call(site, "register_user",
                           [&] { return site.post("/register_user", Form{}); });
  Browser browser(site);
  http::Response last;
  const auto keep = [&](const Attempt& attempt) {
    return [&last, attempt] {
      last = attempt();
      return last;
    };
  };
  expect_503_at_every_call(site, "authorize",
                           keep([&] { return browser.get(authorize_url(authorize_request())); }));
  const std::string txn = parameter(location_of(last), "txn");
  expect_503_at_every_call(site, "login page", [&] { return browser.get("/login?txn=" + txn); });
  expect_503_at_every_call(site, "login", [&] {
    site.clock.advance(std::chrono::hours(1) /
                       100);  // a failed try counts, and makes the next one wait
    return browser.post("/login", login_form(txn));
  });
  expect_503_at_every_call(site, "consent page",
                           [&] { return browser.get("/consent?txn=" + txn); });
  expect_503_at_every_call(site, "consent", [&] {
    return browser.post("/consent", form_of({{"txn", txn}, {"action", "approve"}}));
  });
  expect_503_at_every_call(site, "code",
                           keep([&] { return browser.get("/authorize?txn=" + txn); }));
  const std::string code = parameter(location_of(last), "code");
  ASSERT_FALSE(code.empty());
  expect_503_at_every_call(site, "token",
                           keep([&] { return site.post("/token", code_form(code)); }));
  const auto tokens = tokens_of(last);
  expect_503_at_every_call(site, "api", [&] { return site.api(tokens.access); });
  expect_503_at_every_call(site, "refresh",
                           [&] { return site.post("/token", refresh_form(tokens.refresh)); });
  expect_503_at_every_call(site, "logout page", [&] { return browser.get("/logout"); });
}

TEST(StoreFaults, PublicDocumentsNeedNoStore) {  // I5
  Site site;
  for (const char* path : {"/jwks", "/.well-known/openid-configuration", "/livez"}) {
    site.store_fails_in = 0;
    EXPECT_EQ(site.get(path).status, 200u) << path;
  }
  site.store_fails_in = 0;
  EXPECT_EQ(site.get("/readyz").status, 503u);
  EXPECT_EQ(site.get("/readyz").status, 200u);
}

}  // namespace
}  // namespace claviger::test
