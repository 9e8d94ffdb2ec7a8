// What visitors do beside working with an application: devices, assertions, guessing, leaving.
#include <fmt/format.h>

#include "crypto/jws.hpp"
#include "tests/simulator/visitor.hpp"

namespace claviger::simulator {
namespace {

using namespace std::chrono_literals;

constexpr const char* kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
constexpr const char* kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

bool is_ok(const Answer& answer) { return answer && answer->status == 200; }

}  // namespace

Task<void> Visitor::use_a_device() {
  const auto form = form_of({{"client_id", kTv}, {"scope", "email"}});
  const auto begun = co_await cluster_.send(make_post("/device_authorization", form));
  if (!is_ok(begun)) co_return;
  const auto answer = json_of(*begun);
  OnceStory story;
  story.label = "device code";
  story.expected = {person_.sub, person_.email, kTv, "email", "", session_key()};
  story.lifetime = 600s;
  story.taken_reasons = {"device.code_used"};
  story.open_reasons = {"device.pending", "device.slow_down"};
  const auto kept = oracle_.begin_once(std::move(story));
  kept->approval = std::make_shared<std::vector<Serving>>();
  const auto poll = form_of({{"grant_type", kDeviceGrant},
                             {"device_code", text_of(answer, "device_code")},
                             {"client_id", kTv}});
  const auto request = make_post("/token", poll);
  co_await race(request, kept->redemptions, 1 + schedule_.dice.below(2), false);
  co_await approve_device(text_of(answer, "user_code"), kept);
  for (int attempt = 0; attempt < 8; ++attempt) {
    co_await pause(0s, 12s);
    const auto answers =
        co_await race(request, kept->redemptions, 1 + schedule_.dice.below(4), false);
    for (const auto& each : answers) {
      if (!each) continue;
      if (const auto tokens = tokens_of(*each)) {
        const auto grant = oracle_.begin_grant(kept, *tokens);
        held_.push_back(grant);
        co_return co_await work_with(grant);
      }
    }
  }
}

Task<void> Visitor::approve_device(std::string user_code, Story story) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    auto page = co_await browse(make_get("/device"));
    if (!is_ok(page)) continue;
    const auto typed = form_of({{"csrf", hidden(*page, "csrf")}, {"user_code", user_code}});
    page = co_await browse(make_post("/device", typed));
    if (!is_ok(page)) continue;
    const auto decision = form_of({{"csrf", hidden(*page, "csrf")},
                                   {"user_code", hidden(*page, "user_code")},
                                   {"action", "approve"}});
    oracle_.allow(person_.sub, kTv);
    auto request = make_post("/device", decision);
    add_cookies(request, person_.cookies);
    const auto done = co_await cluster_.send(std::move(request), story->approval);
    if (is_ok(done)) co_return;
  }
}

Task<void> Visitor::authenticate_by_assertion() {
  auto& dice = schedule_.dice;
  OnceStory story;
  story.label = "assertion";
  story.expected = {kSigner, "", kSigner, "email", "", ""};
  story.lifetime = 60s;
  story.taken_reasons = {"client.assertion_replayed"};
  const auto kept = oracle_.begin_once(std::move(story));
  const boost::json::object claims{{"iss", kSigner},
                                   {"sub", kSigner},
                                   {"aud", scene().settings.issuer},
                                   {"exp", to_seconds(schedule_.now()) + 60},
                                   {"jti", fmt::format("{} {}", person_.username, kept->label)}};
  const auto form =
      form_of({{"grant_type", "client_credentials"},
               {"scope", "email"},
               {"client_assertion_type", kAssertionType},
               {"client_assertion", crypto::sign_jws(scene().signer, "JWT", claims)}});
  const auto request = make_post("/token", form);
  for (int attempt = 0; attempt < 3; ++attempt) {
    co_await race(request, kept->redemptions, 1 + dice.below(4), false);
    co_await pause(0s, 3s);
  }
}

// One password after another, for somebody who never comes themselves.
Task<void> Visitor::guess_a_password() {
  auto& dice = schedule_.dice;
  person_.cookies.clear();
  const auto begun = co_await browse(make_get(authorize_target(kShop, "email", "n", "s")));
  if (!begun) co_return;
  const auto txn = parameter(location_of(*begun), "txn");
  const auto how_many = 6 + dice.below(10);
  for (std::size_t i = 0; i < how_many; ++i) {
    const auto form = form_of(
        {{"txn", txn}, {"username", kNeverThere}, {"password", fmt::format("wrong-horse-{}", i)}});
    auto request = make_post("/login", form);
    add_cookies(request, person_.cookies);
    co_await race(request, oracle_.guesses, dice.one_in(3) ? 3 : 1, false);
    co_await pause(0s, 1s);
  }
}

Task<void> Visitor::register_somebody() {
  Person guest;
  guest.username = fmt::format("{}s-guest-{}", person_.username, ++made_);
  guest.email = guest.username + "@example.test";
  const auto form =
      form_of({{"username", guest.username}, {"email", guest.email}, {"password", kPasswordOfAll}});
  const auto answer = co_await cluster_.send(make_post("/register_user", form));
  if (!is_ok(answer)) co_return;
  guest.sub = oracle_.sub_of(guest.username);
  if (guest.sub.empty()) co_return;
  const int sessions = sessions_;
  std::swap(person_, guest);
  co_await use_an_application(kShop, true);
  std::swap(person_, guest);
  sessions_ = sessions;
}

Task<void> Visitor::sign_out() {
  const auto page = co_await browse(make_get("/logout"));
  if (!is_ok(page)) co_return;
  auto request =
      make_post("/logout", form_of({{"csrf", hidden(*page, "csrf")}, {"action", "confirm"}}));
  add_cookies(request, person_.cookies);
  co_await cluster_.send(std::move(request), oracle_.ending_of_session(person_.sub, session_key()));
  // Whether they are still signed in they see when they come again.
  ++sessions_;
}

Task<void> Visitor::is_shut_out() {
  auto& ending = oracle_.begin_ending_of_person(person_.sub);
  const auto told = co_await cluster_.operate("user.disable", {{"user", person_.sub}});
  if (told && *told) ending.surely = schedule_.tick();
}

}  // namespace claviger::simulator
