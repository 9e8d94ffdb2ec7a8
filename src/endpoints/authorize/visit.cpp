#include "endpoints/authorize/visit.hpp"

#include "endpoints/answers.hpp"
#include "endpoints/authorize/answer.hpp"
#include "endpoints/browser.hpp"
#include "protocol/authorize/consent.hpp"
#include "protocol/tokens/subject.hpp"

namespace claviger::endpoints {

namespace {

// Where the browser goes when the person is to be asked something.
std::optional<OwnPath> page_of(const protocol::NextStep& step) {
  if (std::holds_alternative<protocol::AskLogin>(step)) return OwnPath("/login");
  if (std::holds_alternative<protocol::AskSignUp>(step)) return OwnPath("/signup");
  if (std::holds_alternative<protocol::AskAccount>(step)) return OwnPath("/account");
  if (std::holds_alternative<protocol::AskConsent>(step)) return OwnPath("/consent");
  return {};
}

}  // namespace

Task<void> load_person(const Deps& deps, const http::Request& request, protocol::Facts& facts) {
  auto signed_in = co_await find_signed_in(deps, request);
  if (!signed_in) co_return;
  facts.consent = co_await deps.store.consents.find(signed_in->user.sub, facts.client->client_id);
  facts.session = std::move(signed_in->session);
  facts.user = std::move(signed_in->user);
  facts.subject = protocol::subject_for(*facts.client, facts.user->sub, deps.pairwise_key);
}

Task<http::Response> send_on(const Deps& deps, Visit visit, OwnPath page) {
  const Id id = visit.facts.transaction.id;
  if (!visit.stored) co_await deps.store.transactions.add(std::move(visit.facts.transaction));
  auto response = http::redirect(http::Location(page.with("txn", id.text())));
  response.client_id = visit.facts.client->client_id;
  if (visit.fresh_cookie) response.cookies.push_back(std::move(*visit.fresh_cookie));
  co_return response;
}

Task<http::Response> take_next_step(const Deps& deps, const http::Request& request, Visit visit) {
  visit.facts.to_allow =
      protocol::scopes_to_allow(visit.facts.transaction, *visit.facts.client, deps.policy);
  auto step = protocol::decide_next_step(visit.facts, deps.clock.now());
  if (std::holds_alternative<protocol::Issue>(step)) {
    co_return co_await answer_granted(deps, request, std::move(visit));
  }
  if (auto* sent = std::get_if<protocol::SentToClient>(&step)) {
    co_return co_await answer_refused(deps, request, std::move(visit), std::move(sent->error));
  }
  if (auto* shown = std::get_if<protocol::ShownToUser>(&step)) {
    co_return restart_page(deps, request, shown->error);
  }
  co_return co_await send_on(deps, std::move(visit), page_of(step).value());
}

}  // namespace claviger::endpoints
