#include "demo/client/device.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"

namespace claviger::demo {
namespace {

constexpr std::string_view kGrant = "urn:ietf:params:oauth:grant-type:device_code";
constexpr std::string_view kScope = "openid profile email";
constexpr std::chrono::seconds kSlower{5};  // RFC8628-3.5
constexpr std::int64_t kLongestWait = 3600;

boost::json::object metadata_of_device() {
  return {{"client_name", "Demo device"},
          {"redirect_uris", boost::json::array{}},
          {"response_types", boost::json::array{}},
          {"grant_types", boost::json::array{kGrant}},
          {"scope", kScope},
          {"token_endpoint_auth_method", "none"}};
}

std::chrono::seconds seconds_of(const boost::json::object& json, std::string_view name,
                                std::int64_t otherwise) {
  const auto value = json_seconds(json, name).value_or(otherwise);
  return std::chrono::seconds(std::clamp<std::int64_t>(value, 1, kLongestWait));
}

// A link of the server's own, or none: nothing else is put before a person.
bool is_link(const std::string& uri, const std::string& server) {
  return uri.starts_with(server + "/");
}

}  // namespace

DeviceClient::DeviceClient(RelyingParty& party, const Clock& clock)
    : party_(party), clock_(clock), registration_(party, metadata_of_device()) {}

Task<Outcome<DeviceWait>> DeviceClient::start(FlowLog& log, bool doubted) {
  if (party_.metadata() == nullptr || doubted) {
    auto found = co_await party_.discover(log, "/.well-known/openid-configuration",
                                          "Ask the server where a device can get a code.");
    if (!found) co_return std::unexpected(found.error());
  }
  const auto device = co_await registration_.ensure(log, doubted);
  if (!device) co_return std::unexpected(device.error());
  const auto& endpoint = party_.metadata()->device_authorization_endpoint;
  if (endpoint.empty()) co_return refused_by_us("This server knows no devices.");
  Form form;
  form.add("client_id", device->client_id);
  form.add("scope", kScope);
  outbound::Request request;
  request.method = "POST";
  request.url = endpoint;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = form.encode();
  const auto answer = co_await party_.send(
      log, "Ask for a code that a person can enter on another screen.", std::move(request));
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->status != 200) co_return refused_by_server("Claviger gave no code.", *answer);
  DeviceWait wait;
  wait.device_code = text_of(answer->json, "device_code");
  wait.user_code = text_of(answer->json, "user_code");
  wait.verification_uri = text_of(answer->json, "verification_uri");
  wait.verification_uri_complete = text_of(answer->json, "verification_uri_complete");
  const auto& server = party_.settings().server;
  if (!is_link(wait.verification_uri_complete, server)) wait.verification_uri_complete.clear();
  const bool whole = !wait.device_code.empty() && !wait.user_code.empty();
  if (!whole || !is_link(wait.verification_uri, server)) {
    co_return refused_by_us("The answer lacks what a device needs.");
  }
  wait.interval = seconds_of(answer->json, "interval", 5);
  wait.expires = clock_.now() + seconds_of(answer->json, "expires_in", 600);
  wait.next = clock_.now() + wait.interval;
  co_return wait;
}

Task<DeviceWait> DeviceClient::poll(FlowLog& log, DeviceWait wait) {
  ++wait.asked;
  Form form;
  form.add("grant_type", kGrant);
  form.add("device_code", wait.device_code);
  const Credentials device = registration_.credentials().value_or(Credentials{});
  auto meaning = fmt::format("Question {}: has somebody entered the code?", wait.asked);
  auto answer = co_await party_.ask_token(log, std::move(meaning), std::move(form), device);
  wait.next = clock_.now() + wait.interval;
  if (!answer) {  // RFC8628-3.5: after a failure on the way, less often
    wait.interval *= 2;
    wait.next = clock_.now() + wait.interval;
    if (clock_.now() < wait.expires) co_return wait;
    wait.state = DeviceWait::State::ended;
    wait.problem = answer.error();
    co_return wait;
  }
  const auto error = text_of(answer->json, "error");
  if (error == "authorization_pending" || error == "slow_down") {
    if (error == "slow_down") wait.interval += kSlower;
    wait.next = clock_.now() + wait.interval;
    // Of all the answers "not yet" the latest is shown.
    if (wait.last_message != 0) {
      log.forget(wait.last_message - 1);
      log.forget(wait.last_message);
    }
    wait.last_message = log.latest();
    co_return wait;
  }
  co_return co_await accept(log, std::move(wait), std::move(*answer));
}

Task<DeviceWait> DeviceClient::accept(FlowLog& log, DeviceWait wait, Answer answer) {
  const Credentials device = registration_.credentials().value_or(Credentials{});
  wait.state = DeviceWait::State::ended;
  const auto tokens = co_await party_.accept_tokens(log, std::move(answer), "", device);
  if (!tokens) {
    wait.problem = tokens.error();
    co_return wait;
  }
  const ExpectedIdToken expected{party_.settings().server, device.client_id, "",
                                 tokens->access_token, clock_.now()};
  const auto judged = judge_id_token(tokens->id_token, party_.keys(), expected);
  log.token(tokens->message, judged.seen);
  if (judged.seen.verdict != Verdict::verified) {
    wait.problem =
        refused_by_us("The ID token is not what it should be: " + judged.seen.remark).error();
    co_return wait;
  }
  wait.state = DeviceWait::State::approved;
  wait.person_claims = fields_of(judged.claims);
  wait.access_claims = party_.look_into(*tokens);
  co_return wait;
}

}  // namespace claviger::demo
