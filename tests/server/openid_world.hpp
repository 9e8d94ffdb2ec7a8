// A client that may ask for everything OpenID Connect has, and what its user agent is answered.
#pragma once
#include <map>
#include <regex>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws.hpp"
#include "tests/support/browser.hpp"

namespace claviger::test {

inline constexpr const char* kClient = "everything";
inline constexpr const char* kSecretOfClient = "a-secret-of-32-characters-and-so";
inline constexpr const char* kNonce = "n-0S6_WzA2Mj";
inline constexpr ResponseType kIdToken{.id_token = true};
inline constexpr ResponseType kIdTokenToken{.id_token = true, .token = true};
inline constexpr ResponseType kCodeIdToken{.code = true, .id_token = true};
inline constexpr ResponseType kCodeToken{.code = true, .token = true};
inline constexpr ResponseType kEverything{.code = true, .id_token = true, .token = true};

// An authorization response, whichever way it came.
struct Came {
  std::string where;  // "query", "fragment", "form", or "page" of our own
  std::map<std::string, std::string> parameters;
  unsigned status = 0;
  std::string reason;

  std::string operator[](const std::string& name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? "" : found->second;
  }
  bool has(const std::string& name) const { return parameters.contains(name); }
};

inline void read_parameters(Came& came, std::string_view encoded) {
  const auto form = Form::parse(encoded);
  ASSERT_TRUE(form);
  for (const auto& [name, value] : form->fields()) {
    EXPECT_FALSE(came.parameters.contains(name)) << name << " came twice";
    came.parameters[name] = value;
  }
}

inline std::string unescaped(std::string text) {
  const std::pair<const char*, const char*> kEntities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}};
  for (const auto& [entity, character] : kEntities) {
    for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1)) {
      text.replace(at, std::string(entity).size(), character);
    }
  }
  return text;
}

inline Came came_of(const http::Response& response, const std::string& callback = kCallback) {
  Came came;
  came.status = response.status;
  came.reason = reason_of(response);
  const auto location = location_of(response);
  if (location.starts_with(callback + "#")) {
    came.where = "fragment";
    read_parameters(came, std::string_view(location).substr(callback.size() + 1));
  } else if (location.starts_with(callback + "?")) {
    came.where = "query";
    read_parameters(came, std::string_view(location).substr(callback.size() + 1));
  } else if (response.body.find("id=\"form-post\"") != std::string::npos) {
    came.where = "form";
    EXPECT_NE(response.body.find("action=\"" + callback + "\""), std::string::npos);
    static const std::regex kField("name=\"([^\"]*)\" value=\"([^\"]*)\"");
    for (std::sregex_iterator i(response.body.begin(), response.body.end(), kField), end; i != end;
         ++i) {
      came.parameters[(*i)[1]] = unescaped((*i)[2]);
    }
  } else {
    came.where = "page";
  }
  return came;
}

class OpenidWorld : public testing::Test {
 protected:
  void SetUp() override {
    change_settings(site.settings);
    site.fetch = [this](outbound::Request request) -> endpoints::Fetched {
      fetched.push_back(request.url);
      const auto found = served.find(request.url);
      if (found == served.end()) co_return std::unexpected(outbound::FetchError::unreachable);
      outbound::Response response;
      response.status = 200;
      response.body = found->second;
      co_return response;
    };
    site.reopen();
    site.register_demo();
    add(client());
  }
  virtual void change_settings(config::Settings&) {}

  Client client() {
    const auto hashed =
        site.node().keys().current()->hash_client_secret(Secret(kSecretOfClient), site.clock.now());
    Client made;
    made.client_id = kClient;
    made.auth_method = AuthMethod::client_secret_post;
    made.secret_hash = hashed.first;
    made.secret_kid = hashed.second;
    made.redirect_uris = {kCallback};
    made.profile = Profile::oidc_compat;
    made.grant_types = {GrantType::authorization_code, GrantType::refresh_token,
                        GrantType::implicit};
    made.response_types = {kCodeOnly,    kIdToken,   kIdTokenToken,
                           kCodeIdToken, kCodeToken, kEverything};
    made.metadata.id_token.signed_alg = "ES256";
    made.created_at = site.clock.now();
    return made;
  }
  void add(Client made) { run_task(site.node().store().clients.add(std::move(made))); }
  template <class Change>
  void change_client(const Change& change, const std::string& id = kClient) {
    auto found = *run_task(site.node().store().clients.find(id));
    change(found);
    ASSERT_TRUE(run_task(site.node().store().clients.update(std::move(found))));
  }

  static Form request(std::string_view response_type = "code") {
    return form_of({{"client_id", kClient},
                    {"response_type", response_type},
                    {"redirect_uri", kCallback},
                    {"scope", "openid email"},
                    {"state", "xyz"},
                    {"nonce", kNonce}});
  }
  // One step: what this request is answered with as things are.
  Came ask(const Form& form) { return came_of(browser.get(authorize_url(form))); }
  // Along our pages, as a person who agrees to everything.
  Came finish(const Form& form) { return follow(browser.get(authorize_url(form))); }
  Came follow(http::Response response) {
    for (int step = 0; step < 8 && response.status == 303; ++step) {
      const auto to = location_of(response);
      const auto txn = parameter(to, "txn");
      site.clock.advance(std::chrono::seconds(1));
      if (to.starts_with("/login")) {
        response = browser.post("/login", login_form(txn));
      } else if (to.starts_with("/consent")) {
        response = browser.post("/consent", form_of({{"txn", txn}, {"action", "approve"}}));
      } else if (to.starts_with("/authorize")) {
        response = browser.get(to);
      } else {
        break;
      }
    }
    return came_of(response);
  }
  std::string page_of(const Form& form) {
    const auto to = location_of(browser.get(authorize_url(form)));
    return to.substr(0, to.find('?'));
  }

  // The claims of an ID token that a key of ours signed.
  boost::json::object id_token(const std::string& token) {
    const auto ring = site.node().keys().current();
    const auto now = site.clock.now();
    const auto verified = crypto::verify_jws(
        token, "JWT", [&](std::string_view kid) { return ring->find_public(kid, now); });
    EXPECT_TRUE(verified.has_value()) << "no ID token of ours";
    return verified ? verified->payload : boost::json::object{};
  }
  static std::string text(const boost::json::object& claims, std::string_view name) {
    return std::string(json_text(claims, name).value_or(""));
  }
  http::Response redeem(const std::string& code) {
    return site.post("/token", form_of({{"grant_type", "authorization_code"},
                                        {"client_id", kClient},
                                        {"client_secret", kSecretOfClient},
                                        {"code", code},
                                        {"redirect_uri", kCallback}}));
  }

  Site site;
  Browser browser{site};
  std::map<std::string, std::string> served;  // by URL
  std::vector<std::string> fetched;
};

}  // namespace claviger::test
