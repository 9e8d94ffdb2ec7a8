// Every grant type of the registry against every event that ends what was granted, through the
// real endpoints. The switch below has no default: a new grant does not compile without a way here.
#include <algorithm>
#include <functional>

#include "tests/server/grants_world.hpp"

namespace claviger::test {
namespace {

// Something on its way to a token: what is asked after the event has happened.
using Redeem = std::function<http::Response()>;

class EveryGrant : public GrantsWorld {
 protected:
  void SetUp() override {}

  // A fresh world for each pair of grant and event.
  void begin() {
    site.register_demo();
    auto app = make_signing_client("app");
    app.profile = Profile::oidc_compat;
    app.response_types = {kCodeOnly, *parse_response_type("id_token token")};
    add(app);
  }

  Form authorization(std::string_view type = "code") {
    auto request = with(authorize_request(), "client_id", "app");
    request = with(with(request, "response_type", type), "scope", "openid email username");
    request.add("nonce", "n-1");
    return request;
  }
  http::Response token(std::initializer_list<std::pair<std::string_view, std::string_view>> form) {
    return site.post("/token", signing_as("app", form_of(form)));
  }
  std::string code() { return parameter(sign_in(browser, authorization()), "code"); }
  http::Response redeem_code(const std::string& code) {
    return token(
        {{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", kCallback}});
  }
  std::string approved_device_code() {
    sign_in(browser, authorization());
    const auto begun = site.post("/device_authorization",
                                 signing_as("app", form_of({{"scope", "openid email username"}})));
    const auto entry = browser.get("/device");
    const auto typed = browser.post(
        "/device",
        form_of({{"csrf", hidden(entry, "csrf")}, {"user_code", text_of(begun, "user_code")}}));
    const auto done = browser.post("/device", form_of({{"csrf", hidden(typed, "csrf")},
                                                       {"user_code", hidden(typed, "user_code")},
                                                       {"action", "approve"}}));
    EXPECT_EQ(done.status, 200u);
    return text_of(begun, "device_code");
  }
  std::string grant_assertion() {
    auto claims = assertion_claims("app");
    claims["sub"] = ada().sub;
    return crypto::sign_jws(client_key(), "JWT", claims);
  }

  Redeem prepare(GrantType type) {
    switch (type) {
      case GrantType::authorization_code:
        return [this, waiting = code()] { return redeem_code(waiting); };
      case GrantType::refresh_token:
        return [this, refresh = text_of(redeem_code(code()), "refresh_token")] {
          return token({{"grant_type", "refresh_token"}, {"refresh_token", refresh}});
        };
      case GrantType::implicit:
        sign_in(browser, authorization());
        return [this] {
          auto request = authorization("id_token token");
          request.add("prompt", "none");
          return browser.get(authorize_url(request));
        };
      case GrantType::client_credentials:
        return [this] { return token({{"grant_type", "client_credentials"}}); };
      case GrantType::device_code:
        return [this, waiting = approved_device_code()] {
          return token({{"grant_type", kDeviceGrant}, {"device_code", waiting}});
        };
      case GrantType::token_exchange:
        return [this, subject = text_of(redeem_code(code()), "access_token")] {
          return token({{"grant_type", kExchangeGrant},
                        {"subject_token", subject},
                        {"subject_token_type", kAccessTokenType}});
        };
      case GrantType::jwt_bearer:
        sign_in(browser, authorization());
        return [this, about = grant_assertion()] {
          return token({{"grant_type", kBearerGrant}, {"assertion", about}});
        };
    }
    std::abort();
  }

  // What came of it: the scope of the tokens, or nothing when there are none.
  static std::optional<std::string> given(const http::Response& response) {
    const auto location = location_of(response);
    if (!location.empty()) {
      const auto hash = location.find('#');
      const auto form = Form::parse(hash == std::string::npos ? "" : location.substr(hash + 1));
      if (!form || !form->get("access_token")) return {};
      const std::string token(*form->get("access_token"));
      return claim(token, "scope");
    }
    if (response.status != 200) return {};
    const auto token = text_of(response, "access_token");
    EXPECT_NE(token, "");
    return text_of(response, "scope");
  }

  Browser browser{site};
};

bool always(GrantType) { return true; }
bool of_a_person(GrantType type) { return type != GrantType::client_credentials; }

// Reaches into the fixture for the table below.
class Events : public EveryGrant {
 public:
  void disable_user() { run_task(store().users.set_disabled(ada().sub, true, site.clock.now())); }
  void change_password() {
    run_task(store().users.set_password(ada().sub, ada().password_hash, site.clock.now()));
  }
  void disable_client() { run_task(store().clients.set_disabled("app", true, site.clock.now())); }
  // Its own authentication works again afterwards: what was granted stays ended.
  void disable_and_enable_client() {
    disable_client();
    run_task(store().clients.set_disabled("app", false, site.clock.now()));
  }
  void remove_client() { run_task(store().clients.remove("app")); }
  void remove_and_register_client() {
    remove_client();
    site.clock.advance(std::chrono::seconds(1));
    add(make_signing_client("app"));
  }
  void take_grant_type(GrantType type) {
    change_client("app", [&](Client& client) {
      std::erase(client.grant_types, type);
      if (type == GrantType::implicit) client.response_types = {kCodeOnly};
    });
  }
  void withdraw_consent() {
    run_task(store().consents.withdraw(ada().sub, "app", site.clock.now()));
  }
  void end_session() {
    const auto cookie = browser.cookies.find("claviger_2003");
    if (cookie == browser.cookies.end()) return;
    const auto session =
        run_task(store().sessions.find_live(crypto::sha256(cookie->second), site.clock.now()));
    ASSERT_TRUE(session);
    ASSERT_TRUE(run_task(store().sessions.end(session->id, site.clock.now())));
  }
  void take_scope() {
    change_client("app", [](Client& client) { client.scopes = {"openid", "username"}; });
  }

  // Gives what came before or after the event, each in a world of its own.
  std::optional<std::string> outcome(GrantType type, const std::function<void()>& event) {
    begin();
    const auto redeem = prepare(type);
    event();
    return given(redeem());
  }

  void TestBody() override {}
};

struct Ending {
  std::string_view name;
  void (*happens)(Events&, GrantType);
  bool (*ends)(GrantType);
};

const Ending kEndings[] = {
    {"user disabled", [](Events& e, GrantType) { e.disable_user(); }, of_a_person},
    {"password changed", [](Events& e, GrantType) { e.change_password(); },
     // An assertion is a new grant, of the person as of now.
     [](GrantType type) { return of_a_person(type) && type != GrantType::jwt_bearer; }},
    {"client disabled", [](Events& e, GrantType) { e.disable_client(); }, always},
    {"client disabled and enabled", [](Events& e, GrantType) { e.disable_and_enable_client(); },
     [](GrantType type) {
       return type != GrantType::client_credentials && type != GrantType::jwt_bearer &&
              type != GrantType::implicit;
     }},
    {"client removed", [](Events& e, GrantType) { e.remove_client(); }, always},
    {"client removed and registered again",
     [](Events& e, GrantType) { e.remove_and_register_client(); }, of_a_person},
    {"grant type taken away", [](Events& e, GrantType type) { e.take_grant_type(type); }, always},
    {"consent withdrawn", [](Events& e, GrantType) { e.withdraw_consent(); }, of_a_person},
    {"session ended", [](Events& e, GrantType) { e.end_session(); },
     // Bound to it is what a sign-in led to; an assertion needs nobody to be signed in.
     [](GrantType type) { return of_a_person(type) && type != GrantType::jwt_bearer; }},
};

class GateOfGrant : public testing::TestWithParam<GrantType> {};

// TE-13, RT-07, CA-17, SE-14, DV-06, TX-03, TX-09
TEST_P(GateOfGrant, TE_13_EveryEventEndsWhatItHasTo) {
  const auto type = GetParam();
  EXPECT_TRUE(Events().outcome(type, [] {})) << "nothing is given even when nothing happened";
  for (const auto& ending : kEndings) {
    Events world;
    const auto after = world.outcome(type, [&] { ending.happens(world, type); });
    EXPECT_EQ(after.has_value(), !ending.ends(type)) << ending.name;
  }
}

// A scope that was taken from the client since is in no token, whatever the person allowed.
TEST_P(GateOfGrant, TE_13_ScopesTakenFromTheClient) {
  const auto before = Events().outcome(GetParam(), [] {});
  EXPECT_NE(before.value_or("").find("email"), std::string::npos);
  Events world;
  const auto after = world.outcome(GetParam(), [&] { world.take_scope(); });
  EXPECT_EQ(after.value_or("").find("email"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Registry, GateOfGrant, testing::ValuesIn(kAllGrantTypes),
                         [](const auto& info) {
                           std::string name(to_string(info.param));
                           name.erase(0, name.rfind(':') + 1);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace claviger::test
