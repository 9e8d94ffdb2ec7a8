// One whole node on one thread: the real endpoints, rules, pages and store on a database of its
// own, with a fixed clock, scripted randomness and inline workers. No ports, no sleeps.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "app/node.hpp"
#include "base/json.hpp"
#include "config/settings.hpp"
#include "tests/support/failing_driver.hpp"
#include "tests/support/fixed_clock.hpp"
#include "tests/support/null_log.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/site_database.hpp"

namespace claviger::test {

inline constexpr const char* kIssuer = "http://localhost:2003";
inline constexpr const char* kCallback = "http://localhost:3000/callback";
inline constexpr const char* kPassword = "correct-horse-7";
// RFC7636-B's own example.
inline constexpr const char* kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr const char* kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

inline crypto::SealingKey test_master_key() {
  const Bytes bytes(32, 0x5a);
  return std::move(*crypto::SealingKey::from_bytes(bytes));
}

// The cheapest cost that libsodium takes: what is tested is the way of a password, not its price.
inline constexpr crypto::PasswordCost kTestCost{1, 8192};

using Change = std::function<void(config::Settings&)>;

class Site {
 public:
  explicit Site(const Change& change = {}) {
    if (change) change(settings);
    open();
  }

  // A restart: everything in memory is gone, the database stays.
  void reopen() {
    node_.reset();
    open();
  }

  http::Response send(http::Request request) {
    const auto question = request.target.find('?');
    request.path = request.target.substr(0, question);
    request.query = question == std::string::npos ? "" : request.target.substr(question + 1);
    if (!request.headers.find("host")) request.headers.add("Host", "localhost:2003");
    if (request.peer.empty()) {
      request.peer = "127.0.0.1";
      request.peer_is_loopback = true;
    }
    request.client_ip = request.peer;
    if (request.arrived == Time{}) request.arrived = clock.now();
    return run_task(node_->router().serve(std::move(request)));
  }

  static http::Request make_get(std::string target) {
    http::Request request;
    request.target = std::move(target);
    return request;
  }
  static http::Request make_post(std::string target, const Form& form) {
    http::Request request;
    request.method = http::Method::post;
    request.method_text = "POST";
    request.target = std::move(target);
    request.body = form.encode();
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    return request;
  }
  http::Response get(std::string target) { return send(make_get(std::move(target))); }
  http::Response post(std::string target, const Form& form) {
    return send(make_post(std::move(target), form));
  }
  http::Response post_json(std::string target, std::string body) {
    auto request = make_post(std::move(target), Form{});
    request.headers.set("Content-Type", "application/json");
    request.body = std::move(body);
    return send(std::move(request));
  }
  http::Response api(const std::string& token) {
    auto request = make_post("/api", Form{});
    request.headers.add("Authorization", "Bearer " + token);
    return send(std::move(request));
  }

  // The seed's first two calls.
  void register_demo() {
    ASSERT_EQ(post("/register_client", Form{}).status, 200u);
    ASSERT_EQ(post("/register_user", Form{}).status, 200u);
  }

  app::Node& node() { return *node_; }

  config::Settings settings;
  FixedClock clock;
  ScriptedRandom random{42};
  KeptLog log;
  InlineWorker worker;
  // Answers for the addresses that clients name; without it nobody is there.
  endpoints::Fetch fetch = [](outbound::Request) -> endpoints::Fetched {
    co_return std::unexpected(outbound::FetchError::unreachable);
  };
  std::optional<int> store_fails_in;  // the n-th call of the store from now on, once
  const std::unique_ptr<SiteDatabase> database = make_site_database(make_keys);

 private:
  void open() {
    auto driver = std::make_unique<FailingDriver>(database->open(worker, log), store_fails_in);
    node_ = std::make_unique<app::Node>(settings, app::World{clock, random, log, worker, fetch},
                                        std::move(driver), test_master_key(), kTestCost);
  }

  static void make_keys(SiteDatabase& of_template) {
    FixedClock clock;
    ScriptedRandom random{42};
    KeptLog log;
    InlineWorker worker;
    app::Node({}, app::World{clock, random, log, worker, {}}, of_template.open(worker, log),
              test_master_key(), kTestCost);
  }

  std::unique_ptr<app::Node> node_;
};

inline boost::json::object json_of(const http::Response& response) {
  auto document = parse_json(response.body);
  return document && document->is_object() ? document->as_object() : boost::json::object{};
}
inline std::string text_of(const http::Response& response, std::string_view name) {
  const auto object = json_of(response);
  return std::string(json_text(object, name).value_or(""));
}
inline std::string reason_of(const http::Response& response) {
  return response.refusal ? std::string(response.refusal->reason->id) : "";
}
inline std::string location_of(const http::Response& response) {
  return response.location ? response.location->text() : "";
}
// One parameter of a URL's query.
inline std::string parameter(const std::string& url, std::string_view name) {
  const auto question = url.find('?');
  if (question == std::string::npos) return {};
  const auto form = Form::parse(std::string_view(url).substr(question + 1));
  return form ? std::string(form->get(name).value_or("")) : "";
}

}  // namespace claviger::test
