#include "endpoints/logout.hpp"

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "base/reasons/logout.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/browser.hpp"
#include "endpoints/logout_end.hpp"
#include "protocol/logout/request.hpp"
#include "protocol/tokens/subject.hpp"

namespace claviger::endpoints {

namespace {

constexpr std::chrono::minutes kRequestTtl{15};

// Known to whoever can read the cookie, and the cookie can be read by nobody but us.
std::string csrf_token(const Deps& deps, const http::Request& request) {
  const auto cookie = request.cookie(deps.cookies.session).value_or("");
  return base64url_encode(crypto::hmac_sha256(as_bytes(cookie), as_bytes("logout")));
}

// What came of a request to sign out: kept, or asked for by the person alone.
struct Kept {
  LogoutRequest request;
  SharedClient client;  // as it is now
};

Task<std::optional<Kept>> find_kept(const Deps& deps, std::string txn) {
  const auto id = Id::parse(txn);
  if (!id) co_return std::nullopt;
  auto request = co_await deps.store.logout_requests.find(*id);
  if (!request || request->expires_at <= deps.clock.now()) co_return std::nullopt;
  Kept kept;
  if (!request->client_id.empty()) {
    kept.client = co_await deps.store.clients.find(request->client_id);
  }
  kept.request = std::move(*request);
  co_return kept;
}

WayOn way_on(const Kept& kept, bool confirmed) {
  WayOn on;
  on.target = protocol::find_logout_target(kept.request, kept.client.get(), confirmed);
  if (on.target) on.parameters = protocol::logout_parameters(kept.request);
  on.client_id = kept.request.client_id;
  return on;
}

std::optional<protocol::SeenSession> seen_by(const Deps& deps, const Kept& kept,
                                             const std::optional<SignedIn>& person) {
  if (!person) return std::nullopt;
  protocol::SeenSession seen;
  if (!kept.client) return seen;
  seen.sub = protocol::subject_for(*kept.client, person->user.sub, deps.pairwise_key);
  seen.sid = protocol::sid_for(person->session.id, kept.client->client_id, deps.sid_key);
  return seen;
}

http::Response ask_person(const Deps& deps, const http::Request& request, const SignedIn& person,
                          const Kept& kept) {
  pages::LogoutView view;
  view.csrf = csrf_token(deps, request);
  view.person = person.user.username;
  if (kept.request.id != Id()) view.txn = kept.request.id.text();
  if (kept.client) {
    view.client_name = kept.client->name.empty() ? kept.client->client_id : kept.client->name;
  }
  const auto locale = locale_of(request, kept.request.ui_locales);
  auto response =
      http::html_response(200, deps.pages.logout(view, locale), http::Surface::page_to_client);
  response.client_id = kept.request.client_id;
  return response;
}

Task<http::Response> decide(const Deps& deps, const http::Request& request, Kept kept) {
  const auto person = co_await find_signed_in(deps, request);
  const auto seen = seen_by(deps, kept, person);
  switch (protocol::decide_logout(kept.request, seen)) {
    case protocol::LogoutStep::go_on:
      co_return go_on(way_on(kept, false));
    case protocol::LogoutStep::ask_person:
      co_return ask_person(deps, request, *person, kept);
    case protocol::LogoutStep::end_session:
      break;
  }
  co_return co_await end_session(deps, request, person->session.id, way_on(kept, false));
}

// Judges what a client asks for and keeps it until the browser comes back.
Task<http::Response> begin(const Deps& deps, const http::Request& request,
                           protocol::LogoutParameters parameters) {
  const Time now = deps.clock.now();
  std::optional<protocol::IdTokenHint> hint;
  if (!parameters.id_token_hint.empty()) {
    const auto keys = deps.keys.current();
    auto verified =
        protocol::verify_id_token_hint(parameters.id_token_hint, *keys, deps.policy, now);
    if (!verified) co_return error_page(deps, request, verified.error());
    hint = std::move(*verified);
  }
  const auto named = protocol::name_logout_client(parameters, hint);
  if (!named) co_return error_page(deps, request, named.error());
  SharedClient client;
  if (*named) client = co_await deps.store.clients.find(**named);
  auto judged = protocol::judge_logout_request(parameters, hint, client.get());
  if (!judged) co_return error_page(deps, request, judged.error(), client.get());
  judged->id = Id::make(now, deps.random);
  judged->created_at = now;
  judged->expires_at = now + kRequestTtl;
  co_await deps.store.logout_requests.add(*judged);
  const auto page = OwnPath("/logout").with("txn", judged->id.text());
  auto response = http::redirect(http::Location(page));
  response.client_id = judged->client_id;
  co_return response;
}

// The button of our own page.
Task<http::Response> confirm(const Deps& deps, const http::Request& request, Form form) {
  Kept kept;
  if (const auto txn = form.get("txn")) {
    auto found = co_await find_kept(deps, std::string(*txn));
    if (found) kept = std::move(*found);
  }
  const auto person = co_await find_signed_in(deps, request);
  if (!person) co_return go_on(way_on(kept, false));
  const std::string expected = csrf_token(deps, request);
  const auto sent = form.get("csrf").value_or("");
  if (!crypto::constant_time_equal(as_bytes(expected), as_bytes(sent))) {
    auto response = error_page(deps, request, refuse(reason::csrf_mismatch));
    response.status = 403;
    co_return response;
  }
  if (form.get("action") == "cancel") co_return http::redirect(http::Location(OwnPath("/")));
  co_return co_await end_session(deps, request, person->session.id, way_on(kept, true));
}

}  // namespace

Task<http::Response> serve_logout_page(const Deps& deps, const http::Request& request) {
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (!query) co_return error_page(deps, request, refuse(reason::query_malformed));
  if (const auto txn = query->get("txn")) {
    auto kept = co_await find_kept(deps, std::string(*txn));
    if (!kept) co_return restart_page(deps, request, refuse(reason::logout_request_unknown));
    co_return co_await decide(deps, request, std::move(*kept));
  }
  auto asked = protocol::parse_logout_request(*query);
  if (!asked) co_return error_page(deps, request, asked.error());
  if (asked->empty()) co_return co_await decide(deps, request, Kept());
  co_return co_await begin(deps, request, std::move(*asked));
}

Task<http::Response> serve_logout(const Deps& deps, const http::Request& request) {
  auto form = Form::parse(request.body, limits::kFormFields);
  if (!form) co_return error_page(deps, request, refuse(reason::form_malformed));
  if (form->get("csrf") || form->get("action")) {
    co_return co_await confirm(deps, request, std::move(*form));
  }
  auto asked = protocol::parse_logout_request(*form);
  if (!asked) co_return error_page(deps, request, asked.error());
  if (asked->empty()) co_return http::redirect(http::Location(OwnPath("/logout")));
  co_return co_await begin(deps, request, std::move(*asked));
}

Task<http::Response> serve_logged_out(const Deps& deps, const http::Request& request) {
  co_return http::html_response(200, deps.pages.logged_out({}, locale_of(request)),
                                http::Surface::page);
}

}  // namespace claviger::endpoints
