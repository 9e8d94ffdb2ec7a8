// The app with its router, a scripted server behind it and one browser before it.
#pragma once
#include <gtest/gtest.h>

#include <functional>

#include "demo/client/site.hpp"
#include "fake_server.hpp"
#include "tests/support/fixed_clock.hpp"
#include "tests/support/null_log.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/scripted_random.hpp"

namespace claviger::demo::test {

class SiteTest : public ::testing::Test {
 protected:
  SiteTest() { site.add_routes(router); }

  http::Response send(http::Method method, std::string target,
                      std::string origin = "http://localhost:3000") {
    http::Request request;
    request.method = method;
    request.method_text = std::string(to_string(method));
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (target.contains('?')) request.query = target.substr(target.find('?') + 1);
    request.peer = "127.0.0.1";
    request.peer_is_loopback = true;
    request.headers.add("Host", "localhost:3000");
    if (method == http::Method::post && !origin.empty()) request.headers.add("Origin", origin);
    if (!jar.empty()) request.headers.add("Cookie", "claviger_2003=foreign; claviger_demo=" + jar);
    auto response = claviger::test::run_task(router.serve(std::move(request)));
    for (const auto& cookie : response.cookies) jar = cookie.value;
    return response;
  }
  http::Response press(std::string path) { return send(http::Method::post, std::move(path)); }
  std::string page() { return send(http::Method::get, "/").body; }

  std::string state_at_server() {
    const auto response = press("/sign-in");
    const std::string url(response.headers.find("Location").value_or("?"));
    return std::string(Form::parse(url.substr(url.find('?') + 1))->get("state").value_or(""));
  }
  http::Response come_back(const std::string& state, const std::string& what = "code=c0de") {
    return send(http::Method::get,
                "/callback?" + what + "&state=" + state + "&iss=http%3A%2F%2Flocalhost%3A2003");
  }
  void sign_in() { come_back(state_at_server()); }
  std::string press_and_look(std::string path) {
    EXPECT_EQ(press(std::move(path)).status, 303u);
    return page();
  }

  // A sign-in with OpenID Connect, up to the server's answer; gives the state.
  std::string begin_openid() {
    const auto response = press("/sign-in-openid");
    const std::string url(response.headers.find("Location").value_or("?"));
    const auto asked = *Form::parse(url.substr(url.find('?') + 1));
    server.speak_openid(std::string(asked.get("nonce").value_or("")));
    return std::string(asked.get("state").value_or(""));
  }
  void sign_in_openid() { come_back(begin_openid()); }
  http::Response tell(const std::string& body) {
    http::Request request;
    request.method = http::Method::post;
    request.method_text = "POST";
    request.target = request.path = "/backchannel-logout";
    request.peer = "127.0.0.1";
    request.headers.add("Host", "localhost:3000");
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.body = body;
    return claviger::test::run_task(router.serve(std::move(request)));
  }
  http::Response tell_logout() { return tell("logout_token=" + server.logout_token()); }

  // A pause takes no time, but something may happen in it.
  Task<void> pause() {
    ++pauses;
    if (meanwhile) meanwhile();
    co_return;
  }

  int pauses = 0;
  std::function<void()> meanwhile;
  claviger::test::FixedClock clock;
  claviger::test::ScriptedRandom random;
  claviger::test::KeptLog kept;
  FakeServer server{clock};
  RelyingParty client{Settings{}, server.fetch(), clock, random};
  Sessions sessions{clock, random};
  Pages pages;
  OpenIdClient openid{client, "http://localhost:3000", clock, random};
  DeviceClient device{client, clock};
  Site site{{client, openid, device, sessions, pages, clock, [this](auto) { return pause(); }}};
  Refusals refusals;
  http::RateLimiter limiter{http::Rates{}};
  http::Router router{
      http::RouterOptions{.hosts = {"localhost:3000"}}, clock, random, kept, refusals, limiter};
  std::string jar;  // the value of our cookie in this browser
};

}  // namespace claviger::demo::test
