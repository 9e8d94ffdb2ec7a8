#include "demo/client/experiments.hpp"

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "demo/client/id_token.hpp"

namespace claviger::demo {
namespace {

// A family remembers its latest token for a retry; only one before that is surely a theft.
constexpr std::size_t kSurelyOld = 2;

Notice sign_in_first() {
  return {Notice::Tone::plain, "Sign in first", "This experiment needs tokens to play with."};
}

Notice failed(Problem problem) {
  return {Notice::Tone::bad, problem.title, "", std::move(problem)};
}

Notice judge(const Outcome<Answer>& answer, std::string title, std::string lesson) {
  if (!answer) return failed(answer.error());
  if (answer->status < 400) {
    return {Notice::Tone::bad, "It worked, and it should not have", ""};
  }
  Problem problem;
  problem.title = title;
  problem.status = answer->status;
  problem.error = std::string(json_text(answer->json, "error").value_or(""));
  problem.description = std::string(json_text(answer->json, "error_description").value_or(""));
  problem.request_id = answer->request_id;
  return {Notice::Tone::good, std::move(title), std::move(lesson), std::move(problem)};
}

Credentials speaker(const RelyingParty& client, const Session& session) {
  return session.tokens ? session.tokens->credentials : client.quickstart();
}

bool is_refused_grant(const Outcome<Answer>& answer) {
  return answer && json_text(answer->json, "error") == "invalid_grant";
}

}  // namespace

// OAUTH21-4.1.3
Task<Notice> reuse_code(RelyingParty& client, Session& session) {
  if (!session.spent) co_return sign_in_first();
  Form form;
  form.add("grant_type", "authorization_code");
  form.add("code", session.spent->code);
  form.add("redirect_uri", client.settings().redirect_uri);
  form.add("code_verifier", session.spent->code_verifier);
  const auto answer =
      co_await client.ask_token(session.log, "Experiment: redeem the same code a second time.",
                                std::move(form), speaker(client, session));
  session.revoked = session.revoked || is_refused_grant(answer);
  co_return judge(answer, "The code was good for one use",
                  "Two parties know this code, and one of them is a thief. Claviger can’t tell "
                  "which, so it also revoked the tokens that the first use led to. "
                  "Call the API now and see.");
}

// RFC6749-2.3.1
Task<Notice> use_wrong_secret(RelyingParty& client, Session& session) {
  Form form;
  form.add("grant_type", "refresh_token");
  form.add("refresh_token", session.tokens ? session.tokens->refresh_token : "of-no-importance");
  Credentials wrong = speaker(client, session);
  wrong.client_secret = Secret("not-the-secret-of-this-client");
  const auto answer = co_await client.ask_token(
      session.log, "Experiment: a refresh with a wrong client secret.", std::move(form), wrong);
  co_return judge(answer, "Who can’t prove to be the client gets nothing",
                  "The client’s proof is checked before anything else. The refresh token was not "
                  "looked at and is still good.");
}

// RFC9700-4.14.2
Task<Notice> reuse_refresh_token(RelyingParty& client, Session& session) {
  if (!session.tokens) co_return sign_in_first();
  while (session.spent_refresh.size() < kSurelyOld) {
    auto fresh = co_await client.refresh(session.log, session.tokens->refresh_token,
                                         session.tokens->credentials);
    if (!fresh) co_return failed(fresh.error());
    if (!session.tokens) co_return sign_in_first();  // signed out in another tab
    if (fresh->refresh_token == session.tokens->refresh_token) break;
    session.replace_tokens(std::move(*fresh));
  }
  if (session.spent_refresh.empty()) co_return sign_in_first();
  Form form;
  form.add("grant_type", "refresh_token");
  form.add("refresh_token", session.spent_refresh.front());
  const auto answer =
      co_await client.ask_token(session.log, "Experiment: use a refresh token that was replaced.",
                                std::move(form), speaker(client, session));
  session.revoked = session.revoked || is_refused_grant(answer);
  co_return judge(answer, "An old refresh token gives the thief away",
                  "Each refresh replaces the token. One that was replaced long ago is in the wrong "
                  "hands, so the whole family is revoked, the newest token too. "
                  "Sign in again to go on.");
}

// RFC8725-3.11
Task<Notice> use_id_token_as_access_token(RelyingParty& client, Session& session) {
  if (!session.identity) co_return sign_in_first();
  const auto result = co_await client.call_api(session.log, session.identity->id_token);
  if (result) {
    co_return Notice{Notice::Tone::bad, "It worked, and it should not have", ""};
  }
  if (result.error().status == 0) co_return failed(result.error());
  co_return Notice{Notice::Tone::good, "A token for this client is none for the API",
                   "The ID token’s audience is this client: it tells us who signed in. If an API "
                   "took it, every app that you sign in to could act as you there.",
                   result.error()};
}

// OIDCC-3.1.3.7
Task<Notice> replay_id_token(RelyingParty& client, Session& session) {
  if (!session.identity || !session.tokens) co_return sign_in_first();
  const ExpectedIdToken expected{client.settings().server, session.tokens->credentials.client_id,
                                 "the-nonce-of-another", session.tokens->access_token,
                                 client.now()};
  const auto judged = judge_id_token(session.identity->id_token, client.keys(), expected);
  session.log.note(Lane::browser, Lane::client, "An ID token that was seen before",
                   "Experiment: the answer of one sign-in, played back into another.");
  if (judged.seen.verdict == Verdict::verified) {
    co_return Notice{Notice::Tone::bad, "It worked, and it should not have", ""};
  }
  co_return Notice{
      Notice::Tone::good, "This client did not take it: " + judged.seen.remark,
      "The signature is Claviger’s and still good. Only the nonce tells that the token "
      "answers another request than the one that is open here, so Claviger is not even "
      "asked."};
}

std::string tampered(std::string_view access_token) {
  const auto first = access_token.find('.');
  const auto last = access_token.rfind('.');
  if (first == std::string_view::npos || last <= first) return std::string(access_token) + "x";
  const auto bytes = base64url_decode(access_token.substr(first + 1, last - first - 1));
  auto payload = parse_json(bytes ? as_text(*bytes) : std::string_view());
  if (!payload || !payload->is_object()) return std::string(access_token) + "x";
  payload->get_object()["sub"] = "somebody-else";
  return std::string(access_token.substr(0, first + 1)) +
         base64url_encode(as_bytes(boost::json::serialize(*payload))) +
         std::string(access_token.substr(last));
}

// RFC6750-3.1
Task<Notice> tamper_with_access_token(RelyingParty& client, Session& session) {
  if (!session.tokens) co_return sign_in_first();
  const auto result = co_await client.call_api(session.log, tampered(session.tokens->access_token));
  if (result) {
    co_return Notice{Notice::Tone::bad, "It worked, and it should not have", ""};
  }
  if (result.error().status == 0) co_return failed(result.error());
  co_return Notice{Notice::Tone::good, "The signature no longer fits",
                   "The token now says sub: somebody-else. Whoever has no private key can read a "
                   "token, and can change nothing in it.",
                   result.error()};
}

}  // namespace claviger::demo
