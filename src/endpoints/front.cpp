#include "endpoints/front.hpp"

#include <fmt/chrono.h>

#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/browser.hpp"

namespace claviger::endpoints {

namespace {

pages::ExplainView explain_view(const Refusal& refusal) {
  const auto& reason = *refusal.error.reason;
  pages::ExplainView view;
  view.request_id = refusal.request_id;
  view.when = fmt::format("{:%Y-%m-%d %H:%M:%S} UTC",
                          fmt::gmtime(static_cast<std::time_t>(to_seconds(refusal.at))));
  view.endpoint = refusal.endpoint;
  view.client_id = refusal.client_id;
  view.reason = reason.id;
  view.code = to_string(reason.code);
  view.description = reason.description;
  view.expected = refusal.error.expected;
  view.came = refusal.error.came;
  view.clause = reason.clause;
  view.clause_url = clause_url(reason.clause);
  view.mend = reason.mend;
  view.count = refusal.count;
  return view;
}

}  // namespace

Task<http::Response> serve_home(const Deps& deps, const http::Request& request) {
  const auto person = co_await find_signed_in(deps, request);
  pages::HomeView view;
  view.issuer = deps.policy.issuer;
  view.loopback = deps.loopback_issuer;
  if (deps.loopback_issuer) view.demo_client_url = deps.demo_client_url;
  if (person) view.person = person->user.username;
  co_return http::html_response(200, deps.pages.home(view, locale_of(request)),
                                http::Surface::page);
}

Task<http::Response> serve_explain(const Deps& deps, const http::Request& request) {
  const auto query = Form::parse(request.query, limits::kFormFields);
  const auto id = query ? query->get("request_id") : std::nullopt;
  const auto refusal = id ? deps.refusals.find(*id) : std::nullopt;
  if (!refusal) {
    auto response = error_page(deps, request, refuse(reason::explain_unknown));
    response.status = 404;
    co_return response;
  }
  co_return http::html_response(200, deps.pages.explain(explain_view(*refusal), locale_of(request)),
                                http::Surface::page);
}

}  // namespace claviger::endpoints
