#include "endpoints/logout.hpp"

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/browser.hpp"

namespace claviger::endpoints {

namespace {

// Known to whoever can read the cookie, and the cookie can be read by nobody but us.
std::string csrf_token(const Deps& deps, const http::Request& request) {
  const auto cookie = request.cookie(deps.cookies.session).value_or("");
  return base64url_encode(crypto::hmac_sha256(as_bytes(cookie), as_bytes("logout")));
}

http::Response to_logged_out() { return http::redirect(http::Location(OwnPath("/logout/done"))); }

}  // namespace

Task<http::Response> serve_logout_page(const Deps& deps, const http::Request& request) {
  const auto person = co_await find_signed_in(deps, request);
  if (!person) co_return to_logged_out();
  pages::LogoutView view;
  view.csrf = csrf_token(deps, request);
  view.person = person->user.username;
  co_return http::html_response(200, deps.pages.logout(view, locale_of(request)),
                                http::Surface::page_to_client);
}

Task<http::Response> serve_logout(const Deps& deps, const http::Request& request) {
  const auto form = Form::parse(request.body, limits::kFormFields);
  if (!form) co_return error_page(deps, request, refuse(reason::form_malformed));
  const auto person = co_await find_signed_in(deps, request);
  if (!person) co_return to_logged_out();
  const std::string expected = csrf_token(deps, request);
  const auto sent = form->get("csrf").value_or("");
  if (!crypto::constant_time_equal(as_bytes(expected), as_bytes(sent))) {
    auto response = error_page(deps, request, refuse(reason::csrf_mismatch));
    response.status = 403;
    co_return response;
  }
  if (form->get("action") == "cancel") co_return http::redirect(http::Location(OwnPath("/")));
  const Time now = deps.clock.now();
  co_await deps.store.sessions.end(person->session.id, now);
  auto response = to_logged_out();
  response.cookies.push_back(signed_out_cookie(deps));
  response.clear_site_data = true;
  co_return response;
}

Task<http::Response> serve_logged_out(const Deps& deps, const http::Request& request) {
  co_return http::html_response(200, deps.pages.logged_out({}, locale_of(request)),
                                http::Surface::page);
}

}  // namespace claviger::endpoints
