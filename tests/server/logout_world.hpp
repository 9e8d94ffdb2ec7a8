// Two clients of one person, who can be signed out of both: what the tests of signing out share.
#pragma once
#include "crypto/jws.hpp"
#include "endpoints/logout_delivery.hpp"
#include "tests/support/browser.hpp"

namespace claviger::test {

inline constexpr const char* kShopHome = "https://shop.example/bye?tenant=1";
inline constexpr const char* kClientSecret = "a-secret-of-a-shop-or-bank";

class LogoutWorld : public testing::Test {
 protected:
  void SetUp() override {
    site.fetch = [this](outbound::Request request) -> endpoints::Fetched {
      told.push_back(std::move(request));
      if (auto interrupt = std::exchange(interruption, nullptr)) interrupt();
      if (status == 0) co_return std::unexpected(outbound::FetchError::timed_out);
      outbound::Response response;
      response.status = status;
      co_return response;
    };
    site.reopen();
    site.register_demo();
    add_client("shop");
    add_client("bank");
  }

  void add_client(const std::string& name) {
    const auto hashed =
        site.node().keys().current()->hash_client_secret(Secret(kClientSecret), site.clock.now());
    Client client;
    client.client_id = name;
    client.auth_method = AuthMethod::client_secret_post;
    client.secret_hash = hashed.first;
    client.secret_kid = hashed.second;
    client.redirect_uris = {"https://" + name + ".example/cb"};
    client.post_logout_redirect_uris = {"https://" + name + ".example/bye?tenant=1"};
    client.metadata.backchannel_logout.uri = "https://" + name + ".example/back";
    client.created_at = site.clock.now();
    run_task(site.node().store().clients.add(std::move(client)));
  }
  template <class Change>
  void change_client(const std::string& name, const Change& change) {
    auto client = *run_task(site.node().store().clients.find(name));
    change(client);
    ASSERT_TRUE(run_task(site.node().store().clients.update(std::move(client))));
  }

  // Signs `browser` in at the client; gives the ID token.
  std::string sign_in_at(Browser& browser, const std::string& name = "shop") {
    const std::string callback = "https://" + name + ".example/cb";
    auto request = with(authorize_request(), "client_id", name);
    request = with(with(request, "redirect_uri", callback), "scope", "openid");
    const auto url = sign_in(browser, request);
    auto form = with(code_form(parameter(url, "code")), "client_id", name);
    form = with(with(form, "redirect_uri", callback), "client_secret", kClientSecret);
    const auto response = site.post("/token", form);
    EXPECT_EQ(response.status, 200u) << response.body;
    return text_of(response, "id_token");
  }
  bool signed_in(Browser& browser) {
    auto request = with(authorize_request(), "client_id", "shop");
    request = with(with(request, "redirect_uri", "https://shop.example/cb"), "scope", "openid");
    const auto response = browser.get(authorize_url(with(request, "prompt", "none")));
    return !parameter(location_of(response), "code").empty();
  }

  // GET with these parameters, along our own redirects.
  http::Response ask(Browser& browser, const Form& form) {
    return follow(browser, browser.get("/logout?" + form.encode()));
  }
  http::Response follow(Browser& browser, http::Response response) {
    while (location_of(response).starts_with("/logout?txn=")) {
      page = location_of(response);
      response = browser.get(page);
    }
    return response;
  }
  // The button of the page that `asked` shows.
  http::Response press(Browser& browser, const http::Response& asked, const char* action) {
    const auto at = asked.body.find("name=\"csrf\" value=\"");
    EXPECT_NE(at, std::string::npos) << asked.body;
    auto form = form_of({{"csrf", asked.body.substr(at + 19, 43)}, {"action", action}});
    const auto txn = parameter(page, "txn");
    if (!txn.empty()) form.add("txn", txn);
    return browser.post("/logout", form);
  }

  std::size_t deliver() { return run_task(endpoints::deliver_logouts(site.node().deps())); }
  // The token of the n-th message, its signature verified against the published keys.
  crypto::VerifiedJws told_token(std::size_t n) {
    const auto form = Form::parse(told.at(n).body);
    EXPECT_TRUE(form && form->fields().size() == 1);
    const auto token = std::string(form->get("logout_token").value_or(""));
    const auto ring = site.node().keys().current();
    auto verified = crypto::verify_jws(token, "logout+jwt", [&](std::string_view kid) {
      return ring->find_public(kid, site.clock.now());
    });
    EXPECT_TRUE(verified);
    return verified ? std::move(*verified) : crypto::VerifiedJws{};
  }
  std::string told_claim(std::size_t n, std::string_view name) {
    return std::string(json_text(told_token(n).payload, name).value_or(""));
  }
  static std::string claim(const std::string& token, std::string_view name) {
    const auto seen = crypto::peek_jws(token);
    return seen ? std::string(json_text(seen->payload, name).value_or("")) : "";
  }

  Site site;
  std::vector<outbound::Request> told;
  std::function<void()> interruption;  // while the next message is under way
  int status = 200;                    // what the clients answer; 0: nothing
  std::string page;                    // the last /logout?txn=
};

inline Form logout_form(const std::string& id_token, std::string_view state = "xyz") {
  auto form = form_of({{"id_token_hint", id_token}, {"post_logout_redirect_uri", kShopHome}});
  if (!state.empty()) form.add("state", state);
  return form;
}
inline bool is_error_page(const http::Response& response) {
  return response.status == 400 && !response.location &&
         response.body.find("id=\"error-code\"") != std::string::npos;
}

}  // namespace claviger::test
