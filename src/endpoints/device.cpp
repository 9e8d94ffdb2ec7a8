#include "endpoints/device.hpp"

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "base/reasons/device.hpp"
#include "base/reasons/endpoints.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/browser.hpp"
#include "endpoints/device_codes.hpp"
#include "endpoints/device_sign_in.hpp"
#include "endpoints/grants/grants.hpp"
#include "protocol/grants/device.hpp"

namespace claviger::endpoints {

namespace {

constexpr std::size_t kTypedMost = 32;

// Known to whoever can read the cookie, and that is nobody but us. The token of the second form
// names the code: no code is answered that this session did not look up before (DV-09).
std::string csrf_token(const Deps& deps, const http::Request& request, std::string_view code) {
  const auto cookie = request.cookie(deps.cookies.session).value_or("");
  const std::string text = "device " + std::string(code);
  return base64url_encode(crypto::hmac_sha256(as_bytes(cookie), as_bytes(text)));
}

bool is_from_form(const Deps& deps, const http::Request& request, const Form& form,
                  std::string_view code) {
  const std::string expected = csrf_token(deps, request, code);
  const auto sent = form.get("csrf").value_or("");
  return crypto::constant_time_equal(as_bytes(expected), as_bytes(sent));
}

std::string typed_code(const Form& form) {
  const auto typed = form.get("user_code").value_or("");
  return std::string(typed.size() <= kTypedMost ? typed : "");
}

http::Response refuse_form(const Deps& deps, const http::Request& request, const Reason& why) {
  auto response = error_page(deps, request, refuse(why));
  response.status = 403;
  return response;
}

http::Response entry_page(const Deps& deps, const http::Request& request, unsigned status,
                          pages::DeviceEntryView view) {
  view.csrf = csrf_token(deps, request, "");
  return http::html_response(status, deps.pages.device_entry(view, locale_of(request)),
                             http::Surface::page);
}

http::Response ask_again(const Deps& deps, const http::Request& request, const std::string& typed) {
  pages::DeviceEntryView view;
  view.user_code = typed;
  view.failed = true;
  auto response = entry_page(deps, request, 422, std::move(view));
  response.refusal = refuse(reason::device_user_code);
  return response;
}

http::Response ask_to_wait(const Deps& deps, const http::Request& request, TooManyTries tries) {
  pages::DeviceEntryView view;
  view.wait_seconds = static_cast<int>(tries.wait.count());
  auto response = entry_page(deps, request, 429, std::move(view));
  response.headers.set("Retry-After", std::to_string(tries.wait.count()));
  response.refusal = refuse(reason::device_throttled);
  return response;
}

// Who asks, from where, since when, and for what: what a person needs to notice that somebody else
// began this (DV-02, RFC8628-5.4).
http::Response confirm_page(const Deps& deps, const http::Request& request, const DeviceCode& code,
                            const Client& client, const SignedIn& person) {
  pages::DeviceConfirmView view;
  view.txn_code = code.user_code;
  view.csrf = csrf_token(deps, request, code.user_code);
  view.user_code = protocol::shown_user_code(code.user_code);
  view.client = client_view(client, "");
  view.requester = code.requester;
  const auto age = std::max(deps.clock.now() - code.issued_at, Duration(0));
  view.minutes_ago = static_cast<int>(std::chrono::floor<std::chrono::minutes>(age).count());
  view.person = person.user.username;
  for (const auto& scope : protocol::clamp_scopes(code.scopes, client, deps.policy)) {
    view.scopes.push_back({scope});
  }
  auto response = http::html_response(200, deps.pages.device_confirm(view, locale_of(request)),
                                      http::Surface::page);
  response.client_id = client.client_id;
  return response;
}

http::Response done_page(const Deps& deps, const http::Request& request, const Client& client,
                         bool approved) {
  pages::DeviceDoneView view;
  view.approved = approved;
  view.client_name = client.name.empty() ? client.client_id : client.name;
  auto response = http::html_response(200, deps.pages.device_done(view, locale_of(request)),
                                      http::Surface::page);
  response.client_id = client.client_id;
  return response;
}

// As a consent of now would be: with the epochs that the gate will compare at redemption. Nothing
// is remembered for a next device.
Task<Authorized> authorized_by(const Deps& deps, const SignedIn& person, const Client& client) {
  Authorized by;
  by.client_id = client.client_id;
  by.sub = person.user.sub;
  by.session = person.session.id;
  by.auth_time = person.session.auth_time;
  by.acr = person.session.acr;
  by.amr = person.session.amr;
  by.epochs.user = person.session.user_epoch;
  by.epochs.client = client.epoch;
  by.epochs.consent = co_await deps.store.consents.epoch(by.sub, client.client_id);
  co_return by;
}

// The gate stands here as well as at redemption (DV-06).
Task<Result<Authorized>> judge_approval(const Deps& deps, SignedIn person, Client client) {
  auto by = co_await authorized_by(deps, person, client);
  const auto standing = co_await deps.store.standings.find(by.sub, by.client_id, by.session);
  const auto open = pass_gate(standing, by, true, GrantType::device_code);
  if (!open) co_return std::unexpected(open.error());
  co_return by;
}

Task<http::Response> approve(const Deps& deps, const http::Request& request, DeviceCode code,
                             Client client, SignedIn person) {
  auto by = co_await judge_approval(deps, person, client);
  if (!by) co_return error_page(deps, request, by.error(), &client);
  const Time now = deps.clock.now();
  const bool approved =
      co_await deps.store.device_codes.approve(code.selector, std::move(*by), now);
  if (!approved) co_return ask_again(deps, request, "");
  deps.log.write(LogLevel::info, "device.approved",
                 {{"client_id", client.client_id},
                  {"sub", person.user.sub},
                  {"requester", code.requester},
                  {"address", request.client_ip},
                  {"request_id", request.id}});
  co_return done_page(deps, request, client, true);
}

Task<http::Response> deny(const Deps& deps, const http::Request& request, DeviceCode code,
                          Client client) {
  const bool denied = co_await deps.store.device_codes.deny(code.selector, deps.clock.now());
  if (!denied) co_return ask_again(deps, request, "");
  co_return done_page(deps, request, client, false);
}

// The second form: the answer to a code that was looked up before.
Task<http::Response> decide(const Deps& deps, const http::Request& request, const Form& form,
                            SignedIn person) {
  const auto user_code = protocol::read_user_code(typed_code(form));
  if (!user_code || !is_from_form(deps, request, form, *user_code)) {
    co_return refuse_form(deps, request, reason::device_csrf);
  }
  auto code = co_await deps.store.device_codes.find_waiting(*user_code, deps.clock.now());
  if (!code) co_return ask_again(deps, request, "");
  const auto client = co_await deps.store.clients.find(code->client_id);
  if (!client) co_return ask_again(deps, request, "");
  const auto action = form.get("action");
  if (action == "approve") {
    co_return co_await approve(deps, request, std::move(*code), *client, std::move(person));
  }
  if (action == "deny") {
    co_return co_await deny(deps, request, std::move(*code), *client);
  }
  co_return refuse_form(deps, request, reason::action_unknown);
}

// The first form: whose code is it?
Task<http::Response> look_up(const Deps& deps, const http::Request& request, const Form& form,
                             SignedIn person) {
  if (!is_from_form(deps, request, form, "")) {
    co_return refuse_form(deps, request, reason::device_csrf);
  }
  const auto typed = typed_code(form);
  const auto found = co_await find_typed_code(deps, request, person.session, typed);
  if (const auto* tries = std::get_if<TooManyTries>(&found)) {
    co_return ask_to_wait(deps, request, *tries);
  }
  const auto* code = std::get_if<DeviceCode>(&found);
  if (code == nullptr) co_return ask_again(deps, request, typed);
  const auto client = co_await deps.store.clients.find(code->client_id);
  if (!client || client->disabled) co_return ask_again(deps, request, typed);
  co_return confirm_page(deps, request, *code, *client, person);
}

}  // namespace

Task<http::Response> serve_device_page(const Deps& deps, const http::Request& request) {
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (!query) co_return error_page(deps, request, refuse(reason::query_malformed));
  const auto typed = deps.policy.device_link ? typed_code(*query) : "";
  const auto person = co_await find_signed_in(deps, request);
  if (!person) co_return to_device_sign_in(typed);
  // Typed in already where the link had it, but sent by the person alone (DV-02).
  pages::DeviceEntryView view;
  view.user_code = typed;
  co_return entry_page(deps, request, 200, std::move(view));
}

Task<http::Response> serve_device(const Deps& deps, const http::Request& request) {
  const auto form = Form::parse(request.body, limits::kFormFields);
  if (!form) co_return error_page(deps, request, refuse(reason::form_malformed));
  auto person = co_await find_signed_in(deps, request);
  if (!person) co_return to_device_sign_in(typed_code(*form));
  if (form->get("action")) co_return co_await decide(deps, request, *form, std::move(*person));
  co_return co_await look_up(deps, request, *form, std::move(*person));
}

}  // namespace claviger::endpoints
