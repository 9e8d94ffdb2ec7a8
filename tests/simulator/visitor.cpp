#include "tests/simulator/visitor.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>

namespace claviger::simulator {
namespace {

using namespace std::chrono_literals;

constexpr std::array kScopes{"email", "email username", "openid email"};

// No answer, or one that says: later.
bool is_open(const Answer& answer) {
  return !answer || answer->status == 503 || answer->status == 429;
}

}  // namespace

Task<int> Visitor::pause(Duration least, Duration most) {
  return cluster_.pause(schedule_.dice.between(least, most));
}

std::string Visitor::session_key() const {
  return fmt::format("{} {}", person_.username, sessions_);
}

Form Visitor::as_client(const std::string& client, Form form) {
  form.add("client_id", client);
  if (client == kShop || client == kBank) form.add("client_secret", kSecret);
  return form;
}

Task<Answer> Visitor::browse(http::Request request) {
  add_cookies(request, person_.cookies);
  auto answer = co_await cluster_.send(std::move(request));
  if (answer) keep_cookies(*answer, person_.cookies);
  co_return answer;
}

Task<Answer> Visitor::send_later(Duration how_long, http::Request request, Servings servings) {
  co_await cluster_.pause(how_long);
  co_return co_await cluster_.send(std::move(request), std::move(servings));
}

Task<std::vector<Answer>> Visitor::race(http::Request request, Servings servings,
                                        std::size_t how_many, bool impatient) {
  struct Finish {
    std::vector<Answer> answers;
    Waker<std::vector<Answer>> waker;
  };
  const auto finish = std::make_shared<Finish>();
  auto begin = [this, finish, request, servings, how_many,
                impatient](Waker<std::vector<Answer>> waker) {
    finish->waker = std::move(waker);
    const auto arrived = [finish, how_many, impatient](std::exception_ptr, Answer answer) {
      const bool won = answer && answer->status == 200;
      finish->answers.push_back(std::move(answer));
      const bool over = finish->answers.size() == how_many || (impatient && won);
      if (!over || !finish->waker) return;
      auto wake = std::exchange(finish->waker, nullptr);
      wake(finish->answers);
    };
    for (std::size_t i = 0; i < how_many; ++i) {
      const auto later = schedule_.dice.between(0s, 10ms);
      boost::asio::co_spawn(schedule_.io(), send_later(later, request, servings), arrived);
    }
  };
  return wait_for<std::vector<Answer>>(std::move(begin));
}

Task<void> Visitor::live() {
  const auto how_many = 1 + schedule_.dice.below(2);
  for (std::size_t i = 0; i < how_many; ++i) {
    co_await pause(0s, 2s);
    co_await pass_the_time();
  }
  if (schedule_.dice.one_in(6)) co_await sign_out();
  if (schedule_.dice.one_in(12)) co_await is_shut_out();
  for (const auto& grant : held_) co_await call_api(grant);
}

Task<void> Visitor::pass_the_time() {
  auto& dice = schedule_.dice;
  switch (dice.below(14)) {
    case 0:
    case 1:
      co_return co_await authenticate_by_assertion();
    case 2:
      co_return co_await use_a_device();
    case 3:
      co_return co_await guess_a_password();
    case 4:
      co_return co_await register_somebody();
    case 5:
      co_return co_await use_an_application(kBank, true);
    default:
      co_return co_await use_an_application(dice.one_in(3) ? kApp : kShop, false);
  }
}

Task<void> Visitor::look_back() {
  for (const auto& grant : held_) {
    co_await call_api(grant);
    for (int i = 0; i < 2; ++i) {
      auto form =
          form_of({{"grant_type", "refresh_token"}, {"refresh_token", grant->latest.refresh}});
      form = as_client(grant->expected.client_id, std::move(form));
      const auto servings = shown(*grant, grant->latest.refresh);
      const auto answer = co_await cluster_.send(make_post("/token", form), servings);
      if (!answer) continue;
      if (const auto tokens = tokens_of(*answer)) grant->latest = *tokens;
    }
    co_await call_api(grant);
  }
}

Task<void> Visitor::use_an_application(const char* client, bool whole_way) {
  const auto code = co_await get_code(client, whole_way);
  if (!code) co_return;
  auto form = form_of({{"grant_type", "authorization_code"},
                       {"code", code->text},
                       {"redirect_uri", kCallbackUri},
                       {"code_verifier", kCodeVerifier}});
  form = as_client(code->story->expected.client_id, std::move(form));
  const auto tokens = co_await redeem(code->story, std::move(form));
  if (!tokens) co_return;
  const auto grant = oracle_.begin_grant(code->story, *tokens);
  held_.push_back(grant);
  co_await work_with(grant);
}

// With the session that there is; or, the whole way, as somebody who comes for the first time.
Task<std::optional<Visitor::Code>> Visitor::get_code(const char* client, bool whole_way) {
  OnceStory story;
  story.label = "code";
  story.expected = {
      person_.sub, person_.email, client, kScopes[schedule_.dice.below(kScopes.size())], "", ""};
  story.lifetime = 60s;
  story.replay_ends = true;
  story.taken_reasons = {"code.reuse", "code.race"};
  if (whole_way) person_.cookies.clear();
  const bool denies = whole_way && schedule_.dice.one_in(4);
  for (int attempt = 0; attempt < 4; ++attempt) {
    const auto state = fmt::format("state-{}", ++made_);
    story.expected.nonce = fmt::format("nonce-{}-{}", person_.username, made_);
    const auto target = authorize_target(story.expected.client_id, story.expected.scope,
                                         story.expected.nonce, state);
    auto answer = co_await browse(make_get(target));
    answer = co_await walk(std::move(answer), client, denies);
    if (answer) {
      const auto where = location_of(*answer);
      if (!where.starts_with(kCallbackUri) && !is_open(answer) && !whole_way) break;
      const auto code = parameter(where, "code");
      if (denies && parameter(where, "error") == "access_denied") break;
      if (parameter(where, "state") != state && !code.empty()) oracle_.fail("another state (I4)");
      story.expected.session = session_key();
      if (!code.empty()) co_return Code{oracle_.begin_once(std::move(story)), code};
    }
    co_await pause(10ms, 1s);
  }
  co_return std::nullopt;
}

// Along our own pages. Whoever gets no answer begins anew.
Task<Answer> Visitor::walk(Answer answer, std::string client, bool denies) {
  for (int step = 0; step < 8 && answer && answer->status == 303; ++step) {
    const auto to = location_of(*answer);
    const auto txn = parameter(to, "txn");
    if (to.starts_with("/login")) {
      const auto form =
          form_of({{"txn", txn}, {"username", person_.username}, {"password", kPasswordOfAll}});
      ++sessions_;
      answer = co_await browse(make_post("/login", form));
      if (answer && answer->status == 422) oracle_.note_locked_out(person_.sub);
    } else if (to.starts_with("/consent")) {
      if (!denies) oracle_.allow(person_.sub, client);
      const auto form = form_of({{"txn", txn}, {"action", denies ? "deny" : "approve"}});
      answer = co_await browse(make_post("/consent", form));
    } else if (to.starts_with("/authorize")) {
      answer = co_await browse(make_get(to));
    } else {
      break;
    }
  }
  co_return answer;
}

// Once, or with the impatience of clients: several times at once, or again after no answer.
Task<std::optional<TokenSet>> Visitor::redeem(const Story& story, Form form) {
  auto& dice = schedule_.dice;
  const auto request = make_post("/token", form);
  const bool races = dice.one_in(3);
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto at_once = races ? 2 + dice.below(4) : 1;
    const auto answers = co_await race(request, story->redemptions, at_once, false);
    for (const auto& answer : answers) {
      if (!answer) continue;
      if (auto tokens = tokens_of(*answer)) {
        // Somebody shows it again, however late.
        if (dice.one_in(8)) co_await cluster_.send(request, story->redemptions);
        co_return tokens;
      }
      if (!is_open(answer)) co_return std::nullopt;
    }
    co_await pause(10ms, 2s);
  }
  co_return std::nullopt;
}

Task<void> Visitor::work_with(Held grant) {
  auto& dice = schedule_.dice;
  const auto rounds = 1 + dice.below(5);
  for (std::size_t i = 0; i < rounds; ++i) {
    if (dice.one_in(2)) co_await call_api(grant);
    co_await refresh(grant);
    if (dice.one_in(10)) co_await show_stale_token(grant);
    if (dice.one_in(3)) co_await pause(0s, 4s);
  }
  if (dice.one_in(4)) co_await revoke(grant);
  co_await call_api(grant);
}

Servings Visitor::shown(GrantStory& grant, const std::string& refresh_token) {
  const auto number = number_of(refresh_token);
  for (const auto& presentation : grant.presentations) {
    if (presentation.number == number) return presentation.servings;
  }
  grant.presentations.push_back({number, std::make_shared<std::vector<Serving>>()});
  return grant.presentations.back().servings;
}

Task<void> Visitor::refresh(Held grant) {
  auto& dice = schedule_.dice;
  auto form = form_of({{"grant_type", "refresh_token"}, {"refresh_token", grant->latest.refresh}});
  const auto request = make_post("/token", as_client(grant->expected.client_id, std::move(form)));
  const auto servings = shown(*grant, grant->latest.refresh);
  const auto at_once = dice.one_in(2) ? 1 : 2 + dice.below(3);
  const bool impatient = dice.one_in(2);
  for (int attempt = 0; attempt < 4; ++attempt) {
    const auto answers = co_await race(request, servings, at_once, impatient);
    for (const auto& answer : answers) {
      if (!answer) continue;
      if (const auto tokens = tokens_of(*answer)) {
        grant->known_refresh_tokens.push_back(grant->latest.refresh);
        grant->latest = *tokens;
        co_return;
      }
      if (!is_open(answer)) co_return;
    }
    // Most try again soon; some much later, when it isn't a retry any more.
    co_await pause(10ms, dice.one_in(8) ? Duration(15s) : Duration(2s));
  }
}

// A thief, or a backup of the client's.
Task<void> Visitor::show_stale_token(Held grant) {
  auto& dice = schedule_.dice;
  const auto& known = grant->known_refresh_tokens;
  if (known.empty()) co_return;
  const auto token = known[dice.below(known.size())];
  auto form = form_of({{"grant_type", "refresh_token"}, {"refresh_token", token}});
  const auto request = make_post("/token", as_client(grant->expected.client_id, std::move(form)));
  co_await cluster_.send(request, shown(*grant, token));
}

Task<void> Visitor::call_api(Held grant, int times) {
  for (int i = 0; i < times; ++i) {
    auto request = make_post("/api", Form{});
    request.headers.add("Authorization", "Bearer " + grant->latest.access);
    const auto servings = std::make_shared<std::vector<Serving>>();
    grant->uses.push_back({grant->latest.access, servings});
    co_await cluster_.send(std::move(request), servings);
  }
}

Task<void> Visitor::revoke(Held grant) {
  auto& dice = schedule_.dice;
  const bool whole = dice.one_in(2);
  const auto token = whole ? grant->latest.refresh : grant->latest.access;
  const auto request =
      make_post("/revoke", as_client(grant->expected.client_id, form_of({{"token", token}})));
  const auto servings = std::make_shared<std::vector<Serving>>();
  if (whole) {
    grant->revocations.push_back(servings);
  } else {
    grant->token_revocations[token].push_back(servings);
  }
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto answer = co_await cluster_.send(request, servings);
    if (!is_open(answer)) co_return;
    co_await pause(10ms, 1s);
  }
}

}  // namespace claviger::simulator
