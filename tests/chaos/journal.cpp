#include "tests/chaos/journal.hpp"

#include <algorithm>
#include <thread>

#include "base/json.hpp"

namespace claviger::test {
namespace {

constexpr std::size_t kKept = 300;          // grants; the oldest go
constexpr std::size_t kOldOnesChecked = 8;  // of those that were not touched since the last check
// Codes live for a minute; nothing is said of one that is nearly that old.
constexpr std::chrono::seconds kSurelyFresh{30};

std::string username_in(const Answer& answer) {
  const auto document = parse_json(answer.body);
  if (!document || !document->is_object()) return {};
  const auto* data = document->get_object().if_contains("data");
  if (data == nullptr || !data->is_object()) return {};
  return std::string(json_text(data->get_object(), "username").value_or(""));
}

}  // namespace

void Tally::add(const Tally& other) {
  acknowledged += other.acknowledged;
  shed += other.shed;
  unknown += other.unknown;
  fenced += other.fenced;
  violations.insert(violations.end(), other.violations.begin(), other.violations.end());
}

JournalledClient::JournalledClient(std::uint16_t port, const std::string& name, std::uint64_t seed)
    : visitor_(port, name), random_(seed) {}

JournalledClient::JournalledClient(std::uint16_t issuer_port,
                                   const std::vector<std::uint16_t>& nodes, const std::string& name,
                                   std::uint64_t seed)
    : visitor_(issuer_port, nodes, name), random_(seed) {}

void JournalledClient::violated(const std::string& what) {
  tally_.violations.push_back(visitor_.username() + ": " + what);
}

bool JournalledClient::judge(const std::optional<Answer>& answer,
                             std::initializer_list<unsigned> expected, const char* what) {
  connected_ = answer.has_value();
  if (!answer) {
    ++tally_.unknown;
    if (undisturbed_) violated(std::string(what) + ": no answer though nothing was disturbed");
    return false;
  }
  if (std::ranges::find(expected, answer->status) != expected.end()) {
    ++tally_.acknowledged;
    return true;
  }
  if (!undisturbed_ && (answer->status == 503 || answer->status == 429)) {
    ++tally_.shed;
    return false;
  }
  violated(std::string(what) + ": " + std::to_string(answer->status) + " " +
           answer->member("error") + " " + answer->member("error_description"));
  return false;
}

void JournalledClient::take_tokens(KnownGrant& grant, const Answer& answer) {
  grant.state = GrantState::live;
  grant.access = answer.member("access_token");
  grant.stale = std::exchange(grant.previous, grant.refresh);
  grant.refresh = answer.member("refresh_token");
  if (grant.access.empty() || grant.refresh.empty()) violated("200 without tokens");
}

bool JournalledClient::begin_grant() {
  KnownGrant grant;
  grant.issued_at = std::chrono::steady_clock::now();
  const auto answer = visitor_.authorize(grant.issued);
  if (!judge(answer, {303}, "authorize")) return false;
  if (grant.issued.code.empty()) {
    violated("authorize: the session or consent is lost");
    return false;
  }
  if (grants_.size() >= kKept) grants_.pop_front();
  grants_.push_back(std::move(grant));
  return true;
}

void JournalledClient::issue() {
  if (begin_grant() && below(8) != 0) redeem(grants_.back());
}

void JournalledClient::redeem(KnownGrant& grant) {
  grant.state = GrantState::redeeming;
  const auto answer = visitor_.redeem(grant.issued);
  if (answer && answer->status == 400 && is_fenced(grant)) {
    ++tally_.fenced;
    grant.state = GrantState::over;
    return;
  }
  if (judge(answer, {200}, "redeem")) take_tokens(grant, *answer);
}

void JournalledClient::rotate(KnownGrant& grant) {
  grant.state = GrantState::refreshing;
  const auto answer = visitor_.refresh(grant.refresh);
  if (judge(answer, {200}, "refresh")) take_tokens(grant, *answer);
}

void JournalledClient::use(KnownGrant& grant) {
  const auto answer = visitor_.api(grant.access);
  if (!judge(answer, {200}, "api")) return;
  if (username_in(*answer) != visitor_.username()) violated("api: somebody else's data (I4)");
}

void JournalledClient::replay_code(KnownGrant& grant) {
  grant.state = GrantState::revoking;
  const auto answer = visitor_.redeem(grant.issued);
  if (!judge(answer, {400}, "code shown again")) return;
  if (answer->member("error") != "invalid_grant") violated("code shown again: not invalid_grant");
  grant.state = GrantState::revoked;
}

void JournalledClient::replay_stale(KnownGrant& grant) {
  grant.state = GrantState::revoking;
  const auto answer = visitor_.refresh(grant.stale);
  if (!judge(answer, {400}, "stale refresh token")) return;
  grant.state = GrantState::revoked;
}

void JournalledClient::try_revoked(KnownGrant& grant) {
  if (below(2) == 0) {
    judge(visitor_.api(grant.access), {401}, "api with a revoked grant");
  } else {
    judge(visitor_.refresh(grant.refresh), {400}, "refresh of a revoked grant");
  }
}

KnownGrant* JournalledClient::draw(GrantState state) {
  if (grants_.empty()) return nullptr;
  auto& grant = grants_[below(grants_.size())];
  if (grant.state != state) return nullptr;
  grant.touched = true;
  return &grant;
}

void JournalledClient::one_step() {
  const auto dice = below(100);
  if (dice < 35) return issue();
  auto* const grant = draw(dice >= 90 ? GrantState::revoked : GrantState::live);
  if (grant == nullptr) return;
  if (dice < 60) return rotate(*grant);
  if (dice < 75) return use(*grant);
  if (dice < 83) return replay_code(*grant);
  if (dice < 90) return grant->stale.empty() ? rotate(*grant) : replay_stale(*grant);
  try_revoked(*grant);
}

void JournalledClient::load(const std::atomic<bool>& stop) {
  undisturbed_ = false;
  connected_ = true;
  while (!stop || connected_) {
    one_step();
    if (!connected_ && !stop) std::this_thread::yield();
    if (stop && !connected_) return;
  }
}

void JournalledClient::load_until(const std::atomic<bool>& stop) {
  undisturbed_ = false;
  while (!stop) {
    one_step();
    // A node that is gone refuses at once; the others need the processor.
    if (!connected_) std::this_thread::yield();
  }
}

void JournalledClient::load_unharmed_until(const std::atomic<bool>& stop) {
  undisturbed_ = true;
  while (!stop) one_step();
}

void JournalledClient::script() {
  undisturbed_ = false;
  connected_ = true;
  if (!begin_grant()) return;
  auto& grant = grants_.back();
  redeem(grant);
  for (int i = 0; i < 2 && grant.state == GrantState::live; ++i) rotate(grant);
  if (grant.state == GrantState::live) replay_stale(grant);
}

void JournalledClient::check_issued(KnownGrant& grant) {
  const auto age = std::chrono::steady_clock::now() - grant.issued_at;
  if (age < kSurelyFresh) return redeem(grant);
  grant.state = GrantState::over;
}

// Refused, and the access token with it; whatever is asked.
void JournalledClient::check_revoked(KnownGrant& grant) {
  judge(visitor_.redeem(grant.issued), {400}, "code of a revoked grant");
  if (grant.refresh.empty()) return;
  judge(visitor_.refresh(grant.refresh), {400}, "refresh of a revoked grant");
  judge(visitor_.api(grant.access), {401}, "api with a revoked grant");
}

void JournalledClient::check_one(KnownGrant& grant) {
  grant.touched = false;
  if (grant.state == GrantState::issued) check_issued(grant);
  if (grant.state == GrantState::redeeming) {
    // Either it had not been redeemed, and is now; or it had, and this is a replay.
    const auto answer = visitor_.redeem(grant.issued);
    if (!judge(answer, {200, 400}, "code whose redemption is unknown")) return;
    if (answer->status == 200) {
      take_tokens(grant, *answer);
    } else {
      grant.state = GrantState::over;
    }
  }
  if (grant.state == GrantState::revoking) replay_code(grant);
  if (grant.state == GrantState::live || grant.state == GrantState::refreshing) {
    if (!grant.access.empty()) use(grant);
    rotate(grant);
    use(grant);
    if (grant.state == GrantState::live && below(4) == 0) replay_code(grant);
  }
  if (grant.state == GrantState::revoked) check_revoked(grant);
}

void JournalledClient::check() {
  undisturbed_ = true;
  std::size_t old_ones = 0;
  for (auto& grant : grants_) {
    const bool by_lot = !grant.touched && old_ones < kOldOnesChecked && below(grants_.size()) < 16;
    if (by_lot) ++old_ones;
    if (grant.touched || by_lot) check_one(grant);
  }
}

}  // namespace claviger::test
