#include "tests/simulator/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/jws.hpp"
#include "tests/simulator/requests.hpp"
#include "tests/simulator/scene.hpp"

namespace claviger::simulator {
namespace {

using namespace std::chrono_literals;

boost::json::object claims_of(const std::string& token) {
  auto seen = crypto::peek_jws(token);
  return seen ? std::move(seen->payload) : boost::json::object{};
}

// Nothing: there was no answer.
unsigned status_of(const Serving& serving) {
  return serving.response ? serving.response->status : 0;
}
// What a person does ends in a page, or with the way to the next.
bool succeeded(const Serving& serving) {
  return status_of(serving) == 200 || status_of(serving) == 303;
}
// No, for good: not "later", and not silence.
bool refused(const Serving& serving) {
  const auto status = status_of(serving);
  return status == 400 || status == 401;
}

// When it was answered, as the trace has it.
std::string when(const Serving& serving) {
  const auto since = serving.ended_at - kBeginning;
  return fmt::format("at {:.3f} ms", static_cast<double>(since.count()) / 1000);
}

bool is_session_bound(const Expected& expected) {
  return expected.scope.find("openid") != std::string::npos;
}

// Whether something that began before `moment` may have ended it; whether something surely had.
bool may_have_ended(const std::vector<Ending>& endings, Tick moment) {
  return std::ranges::any_of(endings, [&](const Ending& each) { return each.began < moment; });
}
bool had_ended(const std::vector<Ending>& endings, Tick moment) {
  return std::ranges::any_of(endings, [&](const Ending& each) { return each.surely < moment; });
}

void add_all(std::vector<Ending>& endings, const Servings& servings) {
  for (const auto& serving : *servings) {
    endings.push_back({serving.began, succeeded(serving) ? serving.ended : kNever});
  }
}

}  // namespace

std::optional<TokenSet> tokens_of(const http::Response& response) {
  if (response.status != 200) return {};
  const auto answer = json_of(response);
  TokenSet tokens{text_of(answer, "access_token"), text_of(answer, "refresh_token"),
                  text_of(answer, "id_token"), text_of(answer, "scope")};
  if (tokens.access.empty()) return {};
  return tokens;
}

std::int64_t number_of(const std::string& refresh_token) {
  const auto claims = claims_of(refresh_token);
  return json_seconds(claims, "n").value_or(0);
}

void Oracle::fail(const std::string& what) {
  violations_.push_back(what);
  if (storage_.trace) storage_.trace("VIOLATION: " + what);
}

std::shared_ptr<OnceStory> Oracle::begin_once(OnceStory story) {
  story.label = fmt::format("{} {}", story.label, once_.size() + 1);
  story.issued_at = schedule_.now();
  once_.push_back(std::make_shared<OnceStory>(std::move(story)));
  return once_.back();
}

std::shared_ptr<GrantStory> Oracle::begin_grant(const std::shared_ptr<OnceStory>& from,
                                                const TokenSet& tokens) {
  auto story = std::make_shared<GrantStory>();
  story->label = "the grant of " + from->label;
  story->from = from;
  story->expected = from->expected;
  story->is_public = from->expected.client_id != kShop && from->expected.client_id != kBank;
  story->latest = tokens;
  grants_.push_back(story);
  return story;
}

Ending& Oracle::begin_ending_of_person(const std::string& sub) {
  return of_person_[sub].emplace_back(Ending{schedule_.tick()});
}
Servings Oracle::ending_of_session(const std::string& sub, const std::string& session) {
  signed_out_.insert(sub);
  return of_session_[session].emplace_back(std::make_shared<std::vector<Serving>>());
}
void Oracle::allow(const std::string& sub, const std::string& client_id) {
  allowed_.emplace(sub, client_id);
}

void Oracle::note_response(const http::Request& request, const http::Response& response,
                           const std::string& cause) {
  static const std::set<unsigned> kExpected{200, 303, 400, 401, 403, 422, 429, 503};
  if (!kExpected.contains(response.status)) {
    fail(fmt::format("{} answers {} (I5): {}", request.path, response.status, cause));
  }
  if (response.status == 503 && !storage_.faults.store_fails()) {
    fail(fmt::format("{} answers 503, and nothing was wrong (I5)", request.path));
  }
  if (request.path != "/token" || response.status != 200) return;
  const auto tokens = tokens_of(response);
  if (!tokens) return fail("an answer of the token endpoint without a token (I5)");
  const auto claims = claims_of(tokens->access);
  const auto sub = text_of(claims, "sub");
  const auto client = text_of(claims, "client_id");
  if (sub != client && !allowed_.contains({sub, client})) {
    fail(fmt::format("a token for {} that nobody allowed", client));
  }
}

void Oracle::note_locked_out(const std::string& sub) {
  const bool lost = storage_.failed_over_at != kNever;
  if (!of_person_.contains(sub) && !lost) fail("the right password is refused (I2)");
}

std::string Oracle::sub_of(const std::string& username) {
  const auto rows =
      storage_.database.read({"SELECT sub FROM users WHERE username = $1", {username}});
  if (!rows.empty()) return rows[0].text(0);
  if (storage_.failed_over_at == kNever) fail("somebody who was registered is not there (I2)");
  return {};
}

void Oracle::note_call(const outbound::Request& request) {
  const auto form = Form::parse(request.body);
  const auto claims = claims_of(form ? std::string(form->get("logout_token").value_or("")) : "");
  const auto sub = text_of(claims, "sub");
  const bool ended = of_person_.contains(sub) || signed_out_.contains(sub);
  if (!ended) fail("a client is told of an end that nobody asked for");
}

void Oracle::judge() {
  for (const auto& story : once_) judge_once_story(*story);
  for (const auto& story : grants_) {
    auto endings = endings_of(*story->from);
    for (const auto& servings : story->revocations) add_all(endings, servings);
    judge_grant(*story, std::move(endings));
  }
  judge_guesses();
  judge_rows();
}

Oracle::Endings Oracle::endings_of(const OnceStory& story) const {
  Endings endings;
  const auto person = of_person_.find(story.expected.sub);
  if (person != of_person_.end()) {
    endings.insert(endings.end(), person->second.begin(), person->second.end());
  }
  const auto session = of_session_.find(story.expected.session);
  if (session != of_session_.end() && is_session_bound(story.expected)) {
    for (const auto& servings : session->second) add_all(endings, servings);
  }
  if (!story.replay_ends) return endings;
  for (const auto& serving : *story.redemptions) {
    if (succeeded(serving)) continue;
    const bool ended = serving.response && reason_of(*serving.response) == "code.reuse";
    endings.push_back({serving.began, ended ? serving.ended : kNever});
  }
  return endings;
}

// Why a redemption was refused other than as one of many, if that is right.
std::optional<std::string> Oracle::why_refused(const OnceStory& story,
                                               const Serving& serving) const {
  const auto reason = reason_of(*serving.response);
  const bool was_approved =
      story.approval && std::ranges::any_of(*story.approval, [&](const auto& each) {
        return succeeded(each) && each.ended < serving.began;
      });
  if (story.open_reasons.contains(reason)) {
    const bool forgotten = storage_.failed_over_at < serving.ended;
    if (was_approved && !forgotten && reason == "device.pending") return {};
    return "open";
  }
  const auto skew = 2 * storage_.faults.skew;
  if (serving.ended_at - story.issued_at + skew >= story.lifetime) return "late";
  Endings endings;
  for (const auto& each : endings_of(story)) {
    // Its own: a redemption does not end itself.
    if (each.began != serving.began) endings.push_back(each);
  }
  if (may_have_ended(endings, serving.ended)) return "ended";
  if (storage_.failed_over_at < serving.ended) return "of a time that is gone";
  return {};
}

void Oracle::judge_once_story(const OnceStory& story) {
  std::vector<Attempt> attempts;
  for (const auto& serving : *story.redemptions) {
    Attempt attempt{serving.began, serving.ended, Took::unknown};
    if (succeeded(serving)) {
      attempt.took = Took::yes;
      judge_content(story.expected, story.label, *serving.response);
    } else if (refused(serving)) {
      const auto reason = reason_of(*serving.response);
      const bool taken = story.taken_reasons.contains(reason);
      attempt.took = taken ? Took::no : Took::nothing;
      if (!taken && !why_refused(story, serving)) {
        fail(fmt::format("{} is refused for {} {} (I2)", story.label, reason, when(serving)));
      }
    } else if (status_of(serving) == 429) {
      attempt.took = Took::nothing;
    }
    attempts.push_back(attempt);
  }
  if (const auto wrong = judge_once(attempts)) fail(fmt::format("{}: {}", story.label, *wrong));
}

void Oracle::judge_content(const Expected& expected, const std::string& label,
                           const http::Response& response) {
  const auto tokens = tokens_of(response);
  if (!tokens) return fail(label + ": an answer without tokens (I5)");
  const auto claims = claims_of(tokens->access);
  const bool own = text_of(claims, "sub") == expected.sub &&
                   text_of(claims, "client_id") == expected.client_id &&
                   tokens->scope == expected.scope;
  if (!own) {
    fail(fmt::format(
        "{}: an answer about somebody or something else (I4): sub {}, client_id {}, scope {}",
        label, text_of(claims, "sub"), text_of(claims, "client_id"), tokens->scope));
  }
  if (!is_session_bound(expected)) return;
  const auto id = claims_of(tokens->id);
  if (text_of(id, "sub") != expected.sub || text_of(id, "aud") != expected.client_id) {
    fail(label + ": an ID token about somebody else (I4)");
  }
  const auto nonce = text_of(id, "nonce");
  if (!nonce.empty() && nonce != expected.nonce) fail(label + ": another nonce (I4)");
}

// One that is shown after its successor was, or so late that it is no retry, ends the family.
bool Oracle::may_end_family(const GrantStory& story, const Presentation& shown,
                            const Serving& serving) const {
  const auto grace = (story.is_public ? 5s : 10s) - 2 * storage_.faults.skew - 1s;
  for (const auto& other : story.presentations) {
    for (const auto& before : *other.servings) {
      if (&before == &serving || before.began > serving.ended) continue;
      if (other.number > shown.number) return true;
      if (other.number < shown.number) continue;
      if (serving.ended == kNever || serving.ended_at - before.began_at > grace) return true;
    }
  }
  return false;
}

void Oracle::add_refresh_endings(const GrantStory& story, Endings& endings) const {
  for (const auto& shown : story.presentations) {
    for (const auto& serving : *shown.servings) {
      if (succeeded(serving)) continue;
      // What was read before a failover and told after it says nothing of what is there now.
      const bool of_now = !may_be_lost(serving.began, serving.ended);
      if (refused(serving) && of_now) endings.push_back({kNever, serving.ended});
      if (may_end_family(story, shown, serving)) endings.push_back({serving.began, kNever});
    }
  }
}

// What was written between the two may be gone. The answer may have gone out when it was already.
bool Oracle::may_be_lost(Tick began, Tick ended) const {
  return storage_.failed_over_at != kNever && storage_.kept_at <= ended &&
         std::min(began, ended) <= storage_.failed_over_at;
}

void Oracle::forget_lost(Endings& endings) const {
  for (auto& ending : endings) {
    if (may_be_lost(ending.began, ending.surely)) ending.surely = kNever;
  }
}

// What the failover took: the grant itself, revocations, and of refresh tokens more than one, which
// is all that a family is forgiven (T-15).
void Oracle::add_failover(const GrantStory& story, Endings& endings) const {
  const auto then = storage_.failed_over_at;
  if (then == kNever) return;
  forget_lost(endings);
  std::set<std::int64_t> shown_meanwhile;
  for (const auto& shown : story.presentations) {
    for (const auto& serving : *shown.servings) {
      if (serving.began <= then && serving.ended >= storage_.kept_at) {
        shown_meanwhile.insert(shown.number);
      }
    }
  }
  const auto is_lost = [&](const Serving& serving) {
    return succeeded(serving) && serving.ended >= storage_.kept_at && serving.began <= then;
  };
  if (shown_meanwhile.size() > 1 || std::ranges::any_of(*story.from->redemptions, is_lost)) {
    endings.push_back({std::min(then, storage_.kept_at), kNever});
  }
}

void Oracle::judge_grant(const GrantStory& story, Endings endings) {
  add_refresh_endings(story, endings);
  add_failover(story, endings);
  judge_refreshes(story, endings);
  judge_uses(story, endings);
}

void Oracle::judge_refreshes(const GrantStory& story, const Endings& endings) {
  std::map<std::int64_t, std::string> successors;
  for (const auto& shown : story.presentations) {
    for (const auto& serving : *shown.servings) {
      const auto name = fmt::format("refresh token {} of {}", shown.number, story.label);
      if (refused(serving) && !may_have_ended(endings, serving.ended)) {
        fail(fmt::format("{} is refused for {} {} (I2)", name, reason_of(*serving.response),
                         when(serving)));
      }
      if (!succeeded(serving)) continue;
      judge_content(story.expected, name, *serving.response);
      if (had_ended(endings, serving.began))
        fail(name + " works after its end (I2) " + when(serving));
      const auto tokens = tokens_of(*serving.response);
      if (!tokens) continue;
      const auto [known, fresh] = successors.emplace(shown.number, tokens->refresh);
      if (known->second != tokens->refresh) fail(name + " has two successors (I1, I3)");
      if (number_of(tokens->refresh) != shown.number + 1) fail(name + ": a leap (I3)");
      for (const auto& later : story.presentations) {
        if (later.number <= shown.number) continue;
        for (const auto& other : *later.servings) {
          if (succeeded(other) && other.ended < serving.began &&
              !may_be_lost(other.began, other.ended)) {
            fail(name + " works after its successor did (I1)");
          }
        }
      }
    }
  }
}

void Oracle::judge_uses(const GrantStory& story, const Endings& endings) {
  for (const auto& use : story.uses) {
    Endings of_token = endings;
    const auto revoked = story.token_revocations.find(use.token);
    if (revoked != story.token_revocations.end()) {
      for (const auto& servings : revoked->second) add_all(of_token, servings);
      forget_lost(of_token);
    }
    for (const auto& serving : *use.servings) {
      if (refused(serving) && !may_have_ended(of_token, serving.ended)) {
        fail(fmt::format("an access token of {} is refused for {} {} (I2)", story.label,
                         reason_of(*serving.response), when(serving)));
      }
      if (!succeeded(serving)) continue;
      if (had_ended(of_token, serving.began)) {
        fail(fmt::format("an access token of {} works after its end (I2) {}", story.label,
                         when(serving)));
      }
      const bool with_email = story.expected.scope.find("email") != std::string::npos;
      const auto body = json_of(*serving.response);
      const auto* data = body.if_contains("data");
      const bool own = data != nullptr && data->is_object() &&
                       (!with_email || text_of(data->as_object(), "email") == story.expected.email);
      if (!own) fail(fmt::format("/api tells {} somebody else's data (I4)", story.label));
    }
  }
}

// Five tries are free, then each waits twice as long as the one before: no crash shortens that.
void Oracle::judge_guesses() {
  if (storage_.faults.skew > 0s || storage_.faults.failover) return;
  std::vector<Time> judged;
  Time first = Time::max();
  for (const auto& serving : *guesses) {
    if (status_of(serving) != 422) continue;
    judged.push_back(serving.ended_at);
    first = std::min(first, serving.began_at);
  }
  if (judged.size() < 6) return;
  const Duration least = (std::int64_t{1} << (judged.size() - 5)) * 1s - 1s;
  const Duration taken = *std::ranges::max_element(judged) - first;
  if (taken < least) {
    fail(fmt::format("{} passwords were tried in {} ms (I9)", judged.size(),
                     std::chrono::duration_cast<std::chrono::milliseconds>(taken).count()));
  }
}

void Oracle::judge_rows() {
  const auto none = [&](const char* query, const char* otherwise) {
    if (storage_.database.number(query) != 0) fail(otherwise);
  };
  none(
      "SELECT count(*) FROM (SELECT 1 FROM refresh_families GROUP BY grant_id HAVING count(*) > 1)",
      "two refresh families of one grant (I3)");
  none(
      "SELECT count(*) FROM grants WHERE type = 'authorization_code' AND NOT EXISTS "
      "(SELECT 1 FROM codes WHERE codes.grant_id = grants.id)",
      "a grant that its code knows nothing of (I1)");
  none(
      "SELECT count(*) FROM codes WHERE grant_id IS NOT NULL AND NOT EXISTS "
      "(SELECT 1 FROM grants WHERE grants.id = codes.grant_id)",
      "a redeemed code without a grant (I2)");
}

}  // namespace claviger::simulator
