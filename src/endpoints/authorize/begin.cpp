#include "endpoints/authorize/begin.hpp"

#include "base/reasons/authorize.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/authorize/visit.hpp"
#include "endpoints/browser.hpp"
#include "endpoints/request_object.hpp"
#include "protocol/authorize/request.hpp"
#include "protocol/authorize/response.hpp"
#include "protocol/authorize/response_type.hpp"
#include "protocol/tokens/id_token.hpp"

namespace claviger::endpoints {

namespace {

// A refusal before anything was stored, when client and redirect URI are proven.
Task<http::Response> refuse_request(const Deps& deps, const http::Request& request,
                                    const Form& form, const Client& client,
                                    const RedirectTarget& target, Error error) {
  const auto signed_in = co_await find_signed_in(deps, request);
  const bool prompt_none = form.get("prompt").value_or("") == "none";
  if (protocol::shows_interstitial(client, deps.policy, prompt_none, signed_in.has_value())) {
    co_return error_page(deps, request, error, &client);
  }
  co_return send_error(deps, request, target, protocol::response_mode_of(form),
                       protocol::state_of(form), error, client);
}

// Nothing of an object was looked at: the address beside it may be told, if it is one.
Task<http::Response> refuse_unopened(const Deps& deps, const http::Request& request,
                                     const Form& form, const Client& client, Error error) {
  const auto target = protocol::match_addressee(form, client);
  if (!target) co_return error_page(deps, request, error, &client);
  co_return co_await refuse_request(deps, request, form, client, *target, std::move(error));
}

// Who the request is about, as the client sees that person; a hint signs nobody in (CI-25).
Result<std::optional<std::string>> hinted_sub(const Deps& deps, const std::string& hint,
                                              const Client& client) {
  if (hint.empty()) return std::nullopt;
  const auto ring = deps.keys.current();
  auto told = protocol::verify_id_token_hint(hint, *ring, deps.policy, deps.clock.now());
  if (!told)
    return refused(reason::authorize_hint_unusable, {}, std::string(told.error().reason->id));
  if (told->client_id != client.client_id) {
    return refused(reason::authorize_hint_unusable, client.client_id, told->client_id);
  }
  return std::move(told->sub);
}

struct Wanted {
  protocol::AuthorizationRequest request;
  std::optional<std::string> hinted_sub;
  bool redirect_uri_sent = false;
};

Task<http::Response> start(const Deps& deps, const http::Request& request, Wanted wanted,
                           SharedClient client, RedirectTarget target, Arrival arrival) {
  const Time now = deps.clock.now();
  auto browser = identify_browser(deps, request);
  Visit visit{
      .facts = {}, .target = std::move(target), .stored = false, .fresh_cookie = browser.fresh};
  auto& facts = visit.facts;
  facts.transaction =
      protocol::make_transaction(wanted.request, *client, visit.target, wanted.redirect_uri_sent,
                                 Id::make(now, deps.random), browser.hash, deps.policy, now);
  facts.transaction.hinted_sub = std::move(wanted.hinted_sub);
  facts.client = std::move(client);
  facts.prompt_none = wanted.request.prompt.none;
  co_await load_person(deps, request, facts);
  protocol::settle_offline_access(facts.transaction, *facts.client, facts.consent);
  if (arrival == Arrival::post && !facts.prompt_none) {
    co_return co_await send_on(deps, std::move(visit), OwnPath("/authorize"));
  }
  co_return co_await take_next_step(deps, request, std::move(visit));
}

Task<http::Response> judge(const Deps& deps, const http::Request& request, Form form,
                           SharedClient client, Arrival arrival) {
  auto target = protocol::match_addressee(form, *client);
  if (!target) co_return error_page(deps, request, target.error(), client.get());
  auto asked = protocol::parse_authorization_request(form, *client, deps.policy);
  if (!asked) {
    co_return co_await refuse_request(deps, request, form, *client, *target, asked.error());
  }
  auto hinted = hinted_sub(deps, asked->id_token_hint, *client);
  if (!hinted) {
    co_return co_await refuse_request(deps, request, form, *client, *target, hinted.error());
  }
  Wanted wanted{std::move(*asked), std::move(*hinted), form.get("redirect_uri").has_value()};
  co_return co_await start(deps, request, std::move(wanted), std::move(client), std::move(*target),
                           arrival);
}

}  // namespace

Task<http::Response> begin_authorization(const Deps& deps, const http::Request& request, Form form,
                                         Arrival arrival) {
  const auto addressee = protocol::parse_addressee(form);
  if (!addressee) co_return error_page(deps, request, addressee.error());
  auto client = co_await deps.store.clients.find_now(addressee->client_id);
  const auto allowed = protocol::judge_client_at_authorize(client.get());
  if (!allowed) co_return error_page(deps, request, allowed.error());
  auto object = protocol::find_request_object(form, *client);
  if (!object) {
    co_return co_await refuse_unopened(deps, request, form, *client, std::move(object.error()));
  }
  if (*object) {
    auto opened = co_await open_request_object(deps, std::move(**object), form, *client);
    if (!opened) co_return error_page(deps, request, opened.error(), client.get());
    form = std::move(*opened);
  }
  co_return co_await judge(deps, request, std::move(form), std::move(client), arrival);
}

}  // namespace claviger::endpoints
