// A node at which clients register themselves (RFC 7591, RFC 7592), with a web around it that is
// made of prepared pages.
#pragma once
#include "crypto/digest.hpp"
#include "tests/support/browser.hpp"

namespace claviger::test {

namespace json = boost::json;

inline constexpr const char* kApp = "https://app.example/cb";
inline const std::string kPng = std::string("\x89PNG\r\n\x1a\n", 8) + "pixels";

inline json::object parsed(std::string_view text) { return parse_json(text).value().as_object(); }

class Registration : public testing::Test {
 protected:
  Registration() { open({}); }

  void open(const Change& change) {
    site = std::make_unique<Site>(change);
    site->fetch = [this](outbound::Request request) -> endpoints::Fetched {
      asked.push_back(request.url);
      const auto page = web.find(request.url);
      if (page == web.end()) co_return std::unexpected(outbound::FetchError::address_refused);
      outbound::Response response;
      response.status = page->second.first;
      response.body = page->second.second;
      co_return response;
    };
    site->reopen();
  }
  void open_as(const char* profile) {
    open([profile](config::Settings& s) { s.registration.profile = profile; });
  }

  http::Response send(http::Method method, const std::string& target, const std::string& token,
                      const std::optional<json::object>& body = {}) {
    http::Request request;
    request.method = method;
    request.method_text = http::to_string(method);
    request.target = target;
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
    if (body) {
      request.headers.add("Content-Type", "application/json");
      request.body = json::serialize(*body);
    }
    return site->send(std::move(request));
  }
  http::Response post(const json::object& body, const std::string& token = {}) {
    return send(http::Method::post, "/register", token, body);
  }

  struct Registered {
    std::string id, secret, token, target;
    json::object members;
  };
  Registered registered(const json::object& body, const std::string& token = {}) {
    const auto response = post(body, token);
    EXPECT_EQ(response.status, 201u) << response.body;
    Registered made{text_of(response, "client_id"), text_of(response, "client_secret"),
                    text_of(response, "registration_access_token"),
                    text_of(response, "registration_client_uri"), json_of(response)};
    const std::string issuer = site->settings.issuer;
    EXPECT_TRUE(made.target.starts_with(issuer)) << made.target;
    made.target = made.target.substr(std::min(issuer.size(), made.target.size()));
    return made;
  }
  Client stored(const std::string& id) { return *run_task(site->node().store().clients.find(id)); }
  json::object operate(const std::string& name, const json::object& arguments) {
    const auto answer = run_task(site->node().operations().call(name, arguments));
    EXPECT_TRUE(answer) << name << " " << (answer ? "" : answer.error().reason->id);
    return answer ? *answer : json::object{};
  }
  std::string initial_token(const json::object& arguments = {}) {
    const auto answer = operate("registration_token.add", arguments);
    return std::string(json_text(answer, "initial_access_token").value_or(""));
  }

  std::unique_ptr<Site> site;
  std::map<std::string, std::pair<int, std::string>> web;
  std::vector<std::string> asked;
};

inline const json::object kPlain = parsed(R"({"redirect_uris":["https://app.example/cb"]})");

inline json::object plus(json::object object, const char* name, json::value value) {
  object[name] = std::move(value);
  return object;
}

}  // namespace claviger::test
