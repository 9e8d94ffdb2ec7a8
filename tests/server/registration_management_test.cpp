// Clients that read, change and end what they registered (RFC 7592).
#include "tests/server/registration_world.hpp"

namespace claviger::test {
namespace {

// RFC7592-2.1, RFC7592-2.3
TEST_F(Registration, C3_2_read_and_ended) {  // C3.2
  const auto made = registered(plus(kPlain, "initiate_login_uri", "https://app.example/start"));
  const auto read = send(http::Method::get, made.target, made.token);
  ASSERT_EQ(read.status, 200u) << read.body;
  EXPECT_EQ(text_of(read, "initiate_login_uri"), "https://app.example/start");
  EXPECT_EQ(read.headers.find("Cache-Control"), "no-store");
  // C3.10: token and address again, the secret never (DC-12).
  EXPECT_EQ(text_of(read, "registration_access_token"), made.token);
  EXPECT_EQ(text_of(read, "registration_client_uri"), kIssuer + made.target);
  EXPECT_EQ(read.body.find(made.secret), std::string::npos);
  EXPECT_FALSE(json_of(read).contains("client_secret"));

  const auto ended = send(http::Method::delete_, made.target, made.token);
  EXPECT_EQ(ended.status, 204u);
  EXPECT_TRUE(ended.body.empty());
  EXPECT_FALSE(run_task(site->node().store().clients.find(made.id)));
  EXPECT_EQ(send(http::Method::get, made.target, made.token).status, 401u);
}

// DC-06, RFC7592-3: the token of one client opens no other, and tells nothing about it.
TEST_F(Registration, DC_06_a_token_is_for_its_own_client) {
  const auto mine = registered(kPlain);
  const auto other = registered(kPlain);
  operate("client.add", {{"client_id", "by-operator"}, {"redirect_uris", json::array(1, kApp)}});
  for (const auto& target : {other.target, std::string("/register?client_id=nobody"),
                             std::string("/register?client_id=by-operator"),
                             std::string("/register"), mine.target + "&client_id=x"}) {
    for (const auto method : {http::Method::get, http::Method::put, http::Method::delete_}) {
      const auto body = method == http::Method::put ? std::optional(kPlain) : std::nullopt;
      const auto response = send(method, target, mine.token, body);
      EXPECT_EQ(response.status, 401u) << target;
      EXPECT_EQ(reason_of(response), "registration_access_token.invalid");
    }
  }
  EXPECT_EQ(send(http::Method::get, mine.target, "").status, 401u);
  EXPECT_EQ(send(http::Method::get, mine.target, initial_token()).status, 401u);
  EXPECT_EQ(send(http::Method::get, mine.target, mine.token).status, 200u);
  // Neither is good for anything else.
  EXPECT_EQ(site->api(mine.token).status, 401u);
  EXPECT_EQ(post(kPlain, mine.token).status, 401u);
}

// RFC7592-2.2: the new registration in place of the old one.
TEST_F(Registration, C3_10_update) {  // C3.10
  const auto made = registered(plus(kPlain, "client_name", "My App"));
  auto body = plus(kPlain, "client_id", json::value(made.id));
  body["policy_uri"] = "https://app.example/policy";
  const auto response = send(http::Method::put, made.target, made.token, body);
  ASSERT_EQ(response.status, 200u) << response.body;
  const auto members = json_of(response);
  EXPECT_EQ(members.at("policy_uri"), "https://app.example/policy");
  EXPECT_FALSE(members.contains("client_name"));  // what is left out is taken away
  EXPECT_FALSE(members.contains("client_secret"));
  EXPECT_EQ(members.at("registration_access_token"), json::value(made.token));
  EXPECT_EQ(members.at("registration_client_uri"), json::value(kIssuer + made.target));
  const auto client = stored(made.id);
  EXPECT_EQ(client.name, "");
  EXPECT_EQ(client.metadata.policy_uri, "https://app.example/policy");
  EXPECT_TRUE(client.secret_hash);
  // The whole answer can be sent back, as clients do.
  auto echoed = members;
  echoed["client_secret"] = made.secret;
  EXPECT_EQ(send(http::Method::put, made.target, made.token, echoed).status, 200u);
}

TEST_F(Registration, DC_12_an_update_changes_neither_id_nor_secret) {
  const auto made = registered(kPlain);
  const auto put = [&](const json::object& body) {
    return reason_of(send(http::Method::put, made.target, made.token, body));
  };
  const auto mine = plus(kPlain, "client_id", json::value(made.id));
  EXPECT_EQ(put(kPlain), "registration.other_id");
  EXPECT_EQ(put(plus(kPlain, "client_id", "demo-client")), "registration.other_id");
  EXPECT_EQ(put(plus(mine, "client_secret", "another-secret-of-mine")),
            "registration.other_secret");
  EXPECT_EQ(put(plus(mine, "client_secret", 7)), "registration.other_secret");
  EXPECT_EQ(put(plus(mine, "client_secret", json::value(made.secret))), "");
}

// DC-03: every rule again, on what would become of the record.
TEST_F(Registration, DC_03_updates_obey_every_rule) {
  const auto made = registered(kPlain);
  const auto mine = plus(kPlain, "client_id", json::value(made.id));
  const auto put = [&](const char* name, json::value value) {
    const auto response =
        send(http::Method::put, made.target, made.token, plus(mine, name, std::move(value)));
    EXPECT_TRUE(response.status == 200u || response.status == 400u) << response.body;
    return reason_of(response);
  };
  EXPECT_EQ(put("redirect_uris", json::array(1, "javascript:alert(1)")), "redirect_uri.scheme");
  EXPECT_EQ(put("redirect_uris", json::array(1, "com.example.app:/cb")),
            "redirect_uri.private_scheme");
  EXPECT_EQ(put("token_endpoint_auth_method", "none"), "client_metadata.method_changed");
  EXPECT_EQ(put("token_endpoint_auth_method", "client_secret_jwt"),
            "client_metadata.method_changed");
  EXPECT_EQ(put("token_endpoint_auth_method", "private_key_jwt"), "client_metadata.no_keys");
  EXPECT_EQ(put("token_endpoint_auth_method", "client_secret_post"), "");
  EXPECT_EQ(put("grant_types", json::array(1, "implicit")), "client_metadata.profile");
  EXPECT_EQ(put("grant_types", json::array(1, "urn:ietf:params:oauth:grant-type:token-exchange")),
            "client_metadata.operator_grant");
  EXPECT_EQ(put("software_statement", "x.y.z"), "client_metadata.software_statement");
  EXPECT_EQ(put("sector_identifier_uri", "https://sector.example/"),
            "client_metadata.sector_document");
  EXPECT_EQ(put("initiate_login_uri", "http://localhost/x"), "client_metadata.initiate_login_uri");
  EXPECT_EQ(put("post_logout_redirect_uris", json::array(1, "javascript:x")),
            "redirect_uri.scheme");  // OX-04
  EXPECT_EQ(stored(made.id).redirect_uris, std::vector<std::string>{kApp});
}

TEST_F(Registration, a_disabled_client_changes_nothing) {
  const auto made = registered(kPlain);
  run_task(site->node().store().clients.set_disabled(made.id, true, site->clock.now()));
  const auto response = send(http::Method::delete_, made.target, made.token);
  EXPECT_EQ(response.status, 403u);
  EXPECT_EQ(reason_of(response), "registration.client_disabled");
}

// Two updates at once: the second one finds another version than it read.
TEST_F(Registration, an_update_that_lost_says_so) {
  const auto made = registered(kPlain);
  const auto body = plus(plus(kPlain, "client_id", json::value(made.id)), "logo_uri",
                         "https://app.example/logo.png");
  site->fetch = [&](outbound::Request) -> endpoints::Fetched {
    // While the logo is fetched, somebody else is done.
    const auto found = co_await site->node().store().clients.find(made.id);
    Client client = *found;
    client.name = "Meanwhile";
    co_await site->node().store().clients.update(std::move(client));
    co_return std::unexpected(outbound::FetchError::timed_out);
  };
  site->reopen();
  const auto response = send(http::Method::put, made.target, made.token, body);
  EXPECT_EQ(response.status, 409u);
  EXPECT_EQ(reason_of(response), "registration.raced");
  EXPECT_EQ(stored(made.id).name, "Meanwhile");
}

TEST_F(Registration, ending_a_registration_ends_what_was_granted) {
  site->register_demo();
  const auto made = registered(plus(kPlain, "token_endpoint_auth_method", "client_secret_post"));
  Browser browser(*site);
  auto request = with(authorize_request(), "client_id", made.id);
  const auto url = sign_in(browser, with(request, "redirect_uri", kApp));
  auto form = with(code_form(parameter(url, "code")), "client_id", made.id);
  form = with(with(form, "redirect_uri", kApp), "client_secret", made.secret);
  const auto tokens = tokens_of(site->post("/token", form));
  EXPECT_EQ(site->api(tokens.access).status, 200u);
  EXPECT_EQ(send(http::Method::delete_, made.target, made.token).status, 204u);
  EXPECT_EQ(site->api(tokens.access).status, 401u);
}

}  // namespace
}  // namespace claviger::test
