#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/run_inline.hpp"
#include "app/try/interruption.hpp"
#include "app/try/person_flows.hpp"
#include "base/json.hpp"

namespace claviger::app {

namespace json = boost::json;

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::string_view kGrant = "urn:ietf:params:oauth:grant-type:device_code";
constexpr auto kTick = 100ms;
constexpr std::chrono::seconds kSlower{5};  // RFC8628-3.5
constexpr std::int64_t kLongest = 3600;

std::chrono::seconds seconds_in(const json::object& answer, std::string_view name,
                                std::int64_t otherwise) {
  const auto value = json_seconds(answer, name).value_or(otherwise);
  return std::chrono::seconds(std::clamp<std::int64_t>(value, 1, kLongest));
}

cli::DeviceInvitation read_invitation(const json::object& answer) {
  const auto text = [&](std::string_view name) { return json_text(answer, name).value_or(""); };
  cli::DeviceInvitation invitation;
  invitation.user_code = text("user_code");
  invitation.verification_uri = text("verification_uri");
  invitation.verification_uri_complete = text("verification_uri_complete");
  invitation.good_for = seconds_in(answer, "expires_in", 600);
  return invitation;
}

Task<void> tick() {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, kTick);
  co_await timer.async_wait(boost::asio::use_awaitable_t<Executor>{});
}

// Shows that time goes on, in steps that the eye takes for motion.
void pass(steady_clock::time_point begin, std::chrono::seconds interval, cli::TryWatcher& watcher) {
  const auto end = steady_clock::now() + interval;
  while (!Interruption::came() && steady_clock::now() < end) {
    const auto since = steady_clock::now() - begin;
    watcher.wait("somebody to enter the code",
                 std::chrono::duration_cast<std::chrono::milliseconds>(since));
    run_inline(tick());
  }
}

// RFC8628-3.4: asks at the server's pace until it says something else than "not yet".
Tried<json::object> poll(Conversation& talk, const outbound::Request& question,
                         std::chrono::seconds interval, cli::TryWatcher& watcher) {
  const auto begin = steady_clock::now();
  for (;;) {
    pass(begin, interval, watcher);
    if (Interruption::came()) return refused_here("stopped before anybody entered the code");
    auto answer = talk.send("get the device's tokens", question);
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == 200) return std::move(answer->body);
    const auto error = json_text(answer->body, "error").value_or("");
    if (error == "slow_down") {
      interval += kSlower;
    } else if (error != "authorization_pending") {
      return refused_by_server("get the device's tokens", *answer);
    }
    talk.forget_last();
  }
}

}  // namespace

Tried<json::object> allow_device(Conversation& talk, const TryClient& client, const Wish& wish,
                                 cli::TryWatcher& watcher) {
  const auto device = talk.endpoint("device_authorization_endpoint");
  const auto token = talk.endpoint("token_endpoint");
  if (!device) return std::unexpected(device.error());
  if (!token) return std::unexpected(token.error());
  Form form;
  add_wish(form, wish);
  const auto begun =
      talk.ask("get a code for the device", talk.post(*device, std::move(form), client), 200);
  if (!begun) return std::unexpected(begun.error());
  const auto invitation = read_invitation(begun->body);
  const auto device_code = json_text(begun->body, "device_code").value_or("");
  if (device_code.empty() || invitation.user_code.empty()) {
    return refused_here("the answer lacks what a device needs");
  }
  watcher.enter(invitation);
  Form question;
  question.add("grant_type", kGrant);
  question.add("device_code", device_code);
  auto tokens = poll(talk, talk.post(*token, std::move(question), client),
                     seconds_in(begun->body, "interval", 5), watcher);
  watcher.waited();
  return tokens;
}

}  // namespace claviger::app
