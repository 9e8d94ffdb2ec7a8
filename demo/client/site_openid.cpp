// Signing in with OpenID Connect, and what one can do with what came of it.
#include "demo/client/site.hpp"

#include <algorithm>

namespace claviger::demo {

void Site::add_openid(http::Router& router) {
  add_action(router, "/sign-in-openid", "You want to sign in with OpenID Connect.",
             &Site::sign_in_openid);
  add_action(router, "/userinfo", "You want to see what UserInfo tells.", &Site::ask_userinfo);
  add_action(router, "/exchange", "You want a token that may do less.", &Site::exchange);
}

// Again when an answer never came: the server may have forgotten this client.
Task<bool> Site::prepare_openid(Visit visit) {
  const bool doubted = std::ranges::any_of(
      visit->pending, [](const auto& request) { return !request.nonce.empty(); });
  const auto ready = co_await openid_.prepare(visit->log, doubted);
  if (!ready) visit->notice = trouble(ready.error());
  co_return ready.has_value();
}

Task<http::Response> Site::sign_in_openid(Visit visit) {
  const bool ready = co_await prepare_openid(visit);
  if (!ready) co_return back_to_page(*visit);
  visit->add_pending(openid_.begin());
  const std::string url = visit->pending.back().url;
  http::Response response = send_to_claviger(
      *visit, url, "Go to Claviger with this request. The nonce will come back in the ID token.");
  visit->log.note(Lane::browser, Lane::server, "Sign in, consent",
                  "You are with Claviger alone. This client never sees your password.");
  co_return response;
}

Task<http::Response> Site::break_state(Visit visit) {
  const bool ready = co_await prepare_openid(visit);
  if (!ready) co_return back_to_page(*visit);
  AuthorizationRequest request = openid_.begin();
  request.expires = clock_.now();  // as if it had been begun long ago
  const std::string url = request.url;
  visit->add_pending(std::move(request));
  co_return send_to_claviger(*visit, url,
                             "Experiment: a request whose answer will find its state expired.");
}

Task<http::Response> Site::ask_userinfo(Visit visit) {
  if (!visit->tokens || !visit->identity) co_return back_to_page(*visit);
  visit->userinfo.clear();
  const std::string token = visit->tokens->access_token;
  auto told = co_await openid_.ask_userinfo(visit->log, token, visit->identity->sub);
  if (!told) visit->notice = trouble(told.error());
  if (told && visit->identity) visit->userinfo = std::move(*told);
  co_return back_to_page(*visit);
}

Task<http::Response> Site::exchange(Visit visit) {
  if (!visit->tokens) co_return back_to_page(*visit);
  visit->exchanged.reset();
  const Tokens tokens = *visit->tokens;
  auto less = co_await exchange_token(client_, visit->log, tokens);
  if (less) {
    visit->exchanged = std::move(*less);
    visit->notice = Notice{Notice::Tone::good, "A token that may do less",
                           "It can be handed to another service: whoever loses it loses little, "
                           "and it says who acts for whom."};
  } else {
    visit->notice = trouble(less.error());
    if (less.error().error == "unauthorized_client") {
      visit->notice->tone = Notice::Tone::plain;
      visit->notice->text =
          "Exchanging tokens is a right of its own, and an operator gives it. In the folder in "
          "which the server was started, this command does, for this client:";
      visit->notice->command = allow_exchange_command(tokens.credentials);
    }
  }
  co_return back_to_page(*visit);
}

}  // namespace claviger::demo
