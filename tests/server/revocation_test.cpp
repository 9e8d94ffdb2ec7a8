// Revocation (RFC7009): rows IN-06 and IN-08.
#include "endpoints/issuing.hpp"
#include "tests/server/relying_party.hpp"

namespace claviger::test {
namespace {

class Revocation : public RelyingParty {
 protected:
  http::Response revoke(const Form& form) { return site.post("/revoke", form); }
};

TEST_F(Revocation, an_access_token_ends_alone) {  // RFC7009-2.1
  const auto tokens = tokens_of(issue("openid"));
  const auto answer = revoke(about(tokens.access));
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(userinfo(tokens.access).status, 401u);
  EXPECT_FALSE(is_active(tokens.access));
  EXPECT_EQ(site.post("/token", refresh_form(tokens.refresh)).status, 200u);
}

// IN-08: a refresh token takes its access tokens along; opaque ones and, here, JWTs at once.
TEST_F(Revocation, IN_08_a_refresh_token_takes_everything_along) {
  for (const auto format : {AccessTokenFormat::jwt, AccessTokenFormat::opaque}) {
    change_client([&](Client& client) { client.metadata.access_token_format = format; });
    const auto first = tokens_of(issue("openid"));
    const auto second = tokens_of(site.post("/token", refresh_form(first.refresh)));
    EXPECT_EQ(revoke(about(second.refresh)).status, 200u);
    for (const auto& token : {first.access, second.access}) {
      EXPECT_EQ(userinfo(token).status, 401u);
      EXPECT_FALSE(is_active(token));
    }
    EXPECT_EQ(text_of(site.post("/token", refresh_form(second.refresh)), "error"), "invalid_grant");
  }
}

TEST_F(Revocation, an_opaque_token_ends_alone_too) {
  change_client(
      [](Client& client) { client.metadata.access_token_format = AccessTokenFormat::opaque; });
  const auto tokens = tokens_of(issue("openid"));
  const auto other = tokens_of(issue("openid"));
  EXPECT_EQ(revoke(about(tokens.access)).status, 200u);
  EXPECT_EQ(userinfo(tokens.access).status, 401u);
  EXPECT_EQ(userinfo(other.access).status, 200u);
}

// IN-06: of another client's token nothing ends, and the attempt is remembered.
TEST_F(Revocation, IN_06_another_clients_token_stays) {
  add_client("other");
  const auto tokens = tokens_of(issue("openid"));
  for (const auto& token : {tokens.access, tokens.refresh}) {
    const auto refused = revoke(about(token, "other", kSecretOfOthers));
    EXPECT_EQ(refused.status, 400u);
    EXPECT_EQ(text_of(refused, "error"), "unauthorized_client");
    EXPECT_EQ(reason_of(refused), "revocation.foreign");
  }
  EXPECT_EQ(userinfo(tokens.access).status, 200u);
  EXPECT_EQ(site.post("/token", refresh_form(tokens.refresh)).status, 200u);
}

// RFC7009-2.2: what is unknown or dead is as good as revoked; a wrong hint changes nothing.
TEST_F(Revocation, IN_06_what_is_unknown_is_revoked_already) {
  const auto tokens = tokens_of(issue("openid"));
  EXPECT_EQ(revoke(about("unheard-of")).status, 200u);
  EXPECT_EQ(revoke(with(about(tokens.access), "token_type_hint", "refresh_token")).status, 200u);
  EXPECT_EQ(userinfo(tokens.access).status, 401u);
  EXPECT_EQ(revoke(about(tokens.access)).status, 200u);
}

// RFC7009-2.1: who has a secret proves it; who has none says its name.
TEST_F(Revocation, who_asks_is_known) {
  const auto token = access("openid");
  EXPECT_EQ(revoke(form_of({{"token", token}})).status, 401u);
  EXPECT_EQ(revoke(form_of({{"client_id", "demo-client"}, {"token", token}})).status, 401u);
  EXPECT_EQ(revoke(with(about(token), "token", "")).status, 400u);
  EXPECT_EQ(userinfo(token).status, 200u);
  change_client([](Client& client) { client.auth_method = AuthMethod::none; });
  EXPECT_EQ(revoke(form_of({{"client_id", "demo-client"}, {"token", token}})).status, 200u);
  EXPECT_EQ(userinfo(token).status, 401u);
}

// TX-11: what was exchanged from a grant ends with it.
TEST_F(Revocation, TX_11_what_came_of_the_grant_ends_with_it) {
  const auto tokens = tokens_of(issue("openid email"));
  const auto payload = crypto::peek_jws(tokens.access)->payload;
  const auto parent = run_task(store().grants.find(*Id::parse(*json_text(payload, "grant_id"))));
  Grant child = *parent;
  child.id = Id::make(site.clock.now(), site.random);
  child.parent = parent->id;
  ASSERT_TRUE(run_task(store().grants.add(child, site.clock.now() + std::chrono::hours(1))));
  endpoints::AccessTokenOrder order;
  order.sub = person().sub;
  order.scopes = {"openid"};
  order.grant = child.id;
  const auto client = *run_task(store().clients.find("demo-client"));
  const auto exchanged =
      run_task(endpoints::issue_access_token(site.node().deps(), client, std::move(order)));
  const std::string token(exchanged.token.reveal());
  EXPECT_EQ(userinfo(token).status, 200u);
  EXPECT_EQ(revoke(about(tokens.refresh)).status, 200u);
  EXPECT_EQ(userinfo(token).status, 401u);
}

}  // namespace
}  // namespace claviger::test
