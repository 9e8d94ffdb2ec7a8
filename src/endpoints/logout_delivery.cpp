#include "endpoints/logout_delivery.hpp"

#include "base/base64url.hpp"
#include "endpoints/client_keys.hpp"
#include "protocol/logout/logout_token.hpp"
#include "protocol/tokens/id_token.hpp"
#include "protocol/tokens/subject.hpp"

namespace claviger::endpoints {

namespace {

constexpr std::size_t kAtOnce = 16;

// What came of an attempt, in a word for the log.
struct Attempt {
  bool taken = false;
  std::string outcome;  // the status, or why there was none
};

Task<Result<std::string>> make_token(const Deps& deps, const Client& client,
                                     store::DueLogout logout) {
  const Time now = deps.clock.now();
  protocol::LogoutTokenFacts facts;
  facts.client_id = client.client_id;
  facts.sub = protocol::subject_for(client, logout.sub, deps.pairwise_key);
  facts.sid = protocol::sid_for(logout.session, client.client_id, deps.sid_key);
  facts.jti = base64url_encode(deps.random.bytes<16>());
  const auto claims = protocol::logout_token_claims(facts, deps.policy, now);
  // A client that wants its ID tokens encrypted refuses a logout token that isn't (OIDCBC-2.6).
  const auto& protection = client.metadata.id_token;
  std::shared_ptr<const crypto::JwkSet> recipient;
  if (!protection.encrypted_alg.empty()) {
    recipient = co_await find_client_keys(deps, client, std::string());
  }
  const auto keys = deps.keys.current();
  co_return protocol::protect(claims, protection, protocol::id_token_alg(client),
                              protocol::kLogoutTokenType, *keys, recipient.get(), deps.random, now);
}

Task<Attempt> tell(const Deps& deps, const Client& client, const store::DueLogout& logout) {
  auto token = co_await make_token(deps, client, logout);
  Attempt attempt;
  if (!token) {
    attempt.outcome = token.error().reason->id;
    co_return attempt;
  }
  Form form;
  form.add("logout_token", *token);
  outbound::Request request;
  request.method = "POST";
  request.url = client.metadata.backchannel_logout.uri;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = form.encode();
  const auto answer = co_await deps.fetch(std::move(request));
  if (!answer) {
    attempt.outcome = outbound::to_string(answer.error());
    co_return attempt;
  }
  attempt.taken = protocol::is_taken(answer->status);
  attempt.outcome = std::to_string(answer->status);
  co_return attempt;
}

void report(const Deps& deps, const store::DueLogout& logout, const Attempt& attempt, bool last) {
  const auto event = attempt.taken ? "logout.told" : last ? "logout.given_up" : "logout.not_told";
  const auto level = attempt.taken ? LogLevel::info : last ? LogLevel::warning : LogLevel::notice;
  deps.log.write(level, event,
                 {{"client_id", logout.client_id},
                  {"attempt", std::to_string(logout.attempts + 1)},
                  {"status", attempt.outcome}});
}

// True: an attempt was made.
Task<bool> deliver(const Deps& deps, store::DueLogout logout) {
  const auto client = co_await deps.store.clients.find(logout.client_id);
  const auto wait = protocol::wait_after_attempt(logout.attempts + 1);
  const bool spent = logout.attempts > 0 && !protocol::wait_after_attempt(logout.attempts);
  if (!client || client->metadata.backchannel_logout.uri.empty() || spent) {
    // `spent`: the last attempt was cut off before it could be written down as such.
    co_await deps.store.logouts.done(logout.session, logout.client_id);
    co_return false;
  }
  const Time next = deps.clock.now() + wait.value_or(std::chrono::hours(1));
  const bool ours = co_await deps.store.logouts.take(logout, next);
  if (!ours) co_return false;
  const auto attempt = co_await tell(deps, *client, logout);
  report(deps, logout, attempt, !wait);
  if (attempt.taken || !wait) {
    co_await deps.store.logouts.done(logout.session, logout.client_id);
  }
  co_return true;
}

}  // namespace

Task<std::size_t> deliver_logouts(const Deps& deps) {
  const auto due = co_await deps.store.logouts.due(deps.clock.now(), kAtOnce);
  std::size_t tried = 0;
  for (const auto& logout : due) {
    const bool made = co_await deliver(deps, logout);
    if (made) ++tried;
  }
  co_return tried;
}

}  // namespace claviger::endpoints
