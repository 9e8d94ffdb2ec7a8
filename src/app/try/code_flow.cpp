#include "app/try/browser.hpp"
#include "app/try/interruption.hpp"
#include "app/try/person_flows.hpp"
#include "base/base64url.hpp"
#include "crypto/digest.hpp"

namespace claviger::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 100ms;
constexpr auto kPatience = 15min;  // as long as the server waits for a person

Tried<Form> wait_for_answer(Callback& callback, cli::TryWatcher& watcher) {
  using std::chrono::steady_clock;
  const auto begin = steady_clock::now();
  std::optional<Form> answer;
  while (!answer && !Interruption::came() && steady_clock::now() - begin < kPatience) {
    answer = callback.wait_for(kTick);
    const auto since = steady_clock::now() - begin;
    if (!answer) {
      watcher.wait("the browser", std::chrono::duration_cast<std::chrono::milliseconds>(since));
    }
  }
  watcher.waited();
  if (answer) return std::move(*answer);
  if (Interruption::came()) return refused_here("stopped before anybody came back");
  return refused_here("nobody came back from the browser within 15 minutes", "try again");
}

// In a redirect the id stands in the address that explains the error alone.
std::string id_of_explanation(std::string_view error_uri) {
  const auto equals = error_uri.rfind('=');
  return equals == std::string_view::npos ? "" : request_id_in(error_uri.substr(equals + 1));
}

Tried<std::string> read_code(const Conversation& talk, const Form& answer) {
  // RFC9207-2.4: with two servers, the answer of a bad one must not pass for the good one's.
  const auto iss = answer.get("iss");
  if (iss ? *iss != talk.issuer() : talk.sends_iss()) {
    return refused_here("the answer does not name the issuer that was asked");
  }
  if (const auto error = answer.get("error")) {
    cli::TryRefusal refusal;
    refusal.problem = "the browser came back without a code";
    refusal.error = *error;
    refusal.description = answer.get("error_description").value_or("");
    refusal.request_id = id_of_explanation(answer.get("error_uri").value_or(""));
    return std::unexpected(refusal);
  }
  const auto code = answer.get("code");
  if (!code) return refused_here("the answer carries neither a code nor an error");
  return std::string(*code);
}

}  // namespace

void add_wish(Form& form, const Wish& wish) {
  std::string scope;
  for (const auto& word : wish.scopes) scope += (scope.empty() ? "" : " ") + word;
  if (!scope.empty()) form.add("scope", scope);
  for (const auto& resource : wish.resources) form.add("resource", resource);
}

Tried<SignIn> sign_in(Conversation& talk, Callback& callback, const TryClient& client,
                      const Wish& wish, bool open, cli::TryWatcher& watcher, Random& random) {
  const auto authorize = talk.endpoint("authorization_endpoint");
  const auto token = talk.endpoint("token_endpoint");
  if (!authorize) return std::unexpected(authorize.error());
  if (!token) return std::unexpected(token.error());
  const auto verifier = base64url_encode(random.bytes<32>());
  const auto nonce = base64url_encode(random.bytes<16>());
  Form request;
  request.add("response_type", "code");
  request.add("client_id", client.client_id);
  request.add("redirect_uri", callback.redirect_uri());
  request.add("state", callback.state());
  request.add("nonce", nonce);
  // RFC7636-4.2: who steals the code can't use it without the verifier, which stays here.
  request.add("code_challenge", base64url_encode(crypto::sha256(verifier)));
  request.add("code_challenge_method", "S256");
  add_wish(request, wish);
  const auto url = *authorize + (authorize->contains('?') ? '&' : '?') + request.encode();
  watcher.visit(url, open && open_browser(url));

  const auto answer = wait_for_answer(callback, watcher);
  if (!answer) return std::unexpected(answer.error());
  const auto code = read_code(talk, *answer);
  if (!code) return std::unexpected(code.error());
  Form form;
  form.add("grant_type", "authorization_code");
  form.add("code", *code);
  form.add("redirect_uri", callback.redirect_uri());
  form.add("code_verifier", verifier);
  auto response = talk.ask("redeem the code", talk.post(*token, std::move(form), client), 200);
  if (!response) return std::unexpected(response.error());
  return SignIn{std::move(response->body), nonce};
}

}  // namespace claviger::app
