// After the storage epoch was raised: what was begun or issued before is refused, and `claviger
// explain` says why (T-15, T-40). Refresh tokens go on.
#include "base/base64url.hpp"
#include "tests/server/grants_world.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;

class AfterARestore : public GrantsWorld {
 protected:
  void restore() {
    const auto raised =
        run_task(site.node().operations().call("store.new_epoch", boost::json::object()));
    ASSERT_TRUE(raised);
    site.clock.advance(1s);
  }
  // As a restored row: one rotation behind what the client holds.
  void lose_a_rotation() {
    store::sql::Operation operation;
    operation.push_back({"UPDATE refresh_families SET counter = counter - 1", {}});
    run_task(store().driver().commit(std::move(operation)));
  }
  http::Response redeem(const std::string& code) { return site.post("/token", code_form(code)); }
  http::Response refresh(const std::string& token) {
    return site.post("/token", refresh_form(token));
  }
  http::Response ask(const boost::json::object& claims) {
    const auto form = form_of({{"grant_type", "client_credentials"}});
    return site.post("/token", with_assertion(form, crypto::sign_jws(client_key(), "JWT", claims)));
  }
};

TEST_F(AfterARestore, a_code_of_before) {
  const auto code = fresh_code(site);
  restore();
  const auto response = redeem(code);
  EXPECT_EQ(response.status, 400u);
  EXPECT_EQ(text_of(response, "error"), "invalid_grant");
  EXPECT_EQ(reason_of(response), "code.other_epoch");
  EXPECT_EQ(redeem(fresh_code(site)).status, 200u);
}

TEST_F(AfterARestore, a_request_that_waits_for_a_person) {
  Browser browser(site);
  const auto begun = browser.get(authorize_url(authorize_request()));
  const auto txn = parameter(location_of(begun), "txn");
  restore();
  EXPECT_EQ(reason_of(browser.get("/login?txn=" + txn)), "transaction.other_epoch");
  EXPECT_EQ(reason_of(browser.post("/login", login_form(txn))), "transaction.other_epoch");
  EXPECT_NE(parameter(sign_in(browser), "code"), "");
}

TEST_F(AfterARestore, a_device_code_of_before) {
  const auto begun =
      site.post("/device_authorization", as("demo-client", form_of({{"scope", "email"}})));
  ASSERT_EQ(begun.status, 200u) << begun.body;
  const auto poll =
      as("demo-client",
         form_of({{"grant_type", kDeviceGrant}, {"device_code", text_of(begun, "device_code")}}));
  EXPECT_EQ(text_of(site.post("/token", poll), "error"), "authorization_pending");
  restore();
  EXPECT_EQ(reason_of(site.post("/token", poll)), "device.code_other_epoch");
}

TEST_F(AfterARestore, T_40_an_assertion_that_may_have_been_used) {
  add(make_signing_client("signer"));
  const auto before = site.clock.now();
  auto dated = assertion_claims("signer");
  dated["iat"] = to_seconds(before);
  auto undated = assertion_claims("signer");
  restore();
  for (const auto& claims : {dated, undated}) {
    const auto response = ask(claims);
    EXPECT_EQ(response.status, 401u);
    EXPECT_EQ(reason_of(response), "client.assertion_other_epoch");
  }
  // Clocks differ by ten seconds at most.
  dated["iat"] = to_seconds(before) + 9;
  EXPECT_EQ(reason_of(ask(dated)), "client.assertion_other_epoch");
  dated["iat"] = to_seconds(before) + 10;
  EXPECT_EQ(ask(dated).status, 200u);
  EXPECT_EQ(reason_of(ask(dated)), "client.assertion_replayed");
  // Without a date once it would have lived too long for the time before.
  site.clock.advance(249s);
  undated["exp"] = to_seconds(before) + 310;
  EXPECT_EQ(ask(undated).status, 200u);
}

TEST_F(AfterARestore, T_40_a_grant_assertion_that_may_have_been_used) {
  add(make_signing_client("agent"));
  Browser browser(site);
  sign_in(browser, with(authorize_request(), "client_id", "agent"));
  auto claims = assertion_claims("agent");
  claims["sub"] = ada().sub;
  claims["iat"] = to_seconds(site.clock.now());
  restore();
  site.clock.advance(20s);
  const auto about = crypto::sign_jws(client_key(), "JWT", claims);
  auto own = assertion_claims("agent");
  own["iat"] = to_seconds(site.clock.now());
  const auto form = form_of({{"grant_type", kBearerGrant}, {"assertion", about}});
  const auto response =
      site.post("/token", with_assertion(form, crypto::sign_jws(client_key(), "JWT", own)));
  EXPECT_EQ(reason_of(response), "assertion.other_epoch");
}

TEST_F(AfterARestore, I2_a_refresh_token_goes_on) {
  const auto tokens = tokens_of(redeem(fresh_code(site)));
  restore();
  const auto next = refresh(tokens.refresh);
  EXPECT_EQ(next.status, 200u) << next.body;
  EXPECT_EQ(refresh(text_of(next, "refresh_token")).status, 200u);
}

TEST_F(AfterARestore, I2_a_refresh_whose_write_was_lost_goes_on_once) {
  const auto tokens = tokens_of(redeem(fresh_code(site)));
  const auto ahead = text_of(refresh(tokens.refresh), "refresh_token");
  lose_a_rotation();
  restore();
  const auto next = refresh(ahead);
  ASSERT_EQ(next.status, 200u) << next.body;
  lose_a_rotation();
  lose_a_rotation();
  const auto again = refresh(text_of(next, "refresh_token"));
  EXPECT_EQ(reason_of(again), "refresh.from_future");
  EXPECT_EQ(site.api(text_of(next, "access_token")).status, 401u);
}

TEST_F(AfterARestore, a_refresh_token_from_the_future_only_for_a_day) {
  const auto tokens = tokens_of(redeem(fresh_code(site)));
  const auto ahead = text_of(refresh(tokens.refresh), "refresh_token");
  lose_a_rotation();
  restore();
  site.clock.advance(24h - 1s);
  EXPECT_EQ(reason_of(refresh(ahead)), "refresh.lost_in_restore");
  EXPECT_EQ(reason_of(refresh(ahead)), "refresh.revoked");
}

TEST_F(AfterARestore, an_initial_access_token) {
  boost::json::object two{{"uses", 2}};
  const auto made =
      run_task(site.node().operations().call("registration_token.add", std::move(two)));
  ASSERT_TRUE(made);
  restore();
  auto request = Site::make_post("/register", Form{});
  request.headers.set("Content-Type", "application/json");
  request.headers.add("Authorization",
                      "Bearer " + std::string(made->at("initial_access_token").as_string()));
  request.body = R"({"redirect_uris": ["https://app.example/back"]})";
  const auto response = site.send(std::move(request));
  EXPECT_EQ(response.status, 401u);
  EXPECT_EQ(reason_of(response), "initial_access_token.other_epoch");
}

}  // namespace
}  // namespace claviger::test
