#include "app/chores.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "admin/key_rotation.hpp"
#include "endpoints/logout_delivery.hpp"
#include "store/topics.hpp"

namespace claviger::app {

namespace {

using std::chrono::seconds;

constexpr std::size_t kRowsAtOnce = 500;
constexpr Millis kNodeEvery{5000};
// A key that was revoked on another node is gone here within five seconds, even when nobody says so
// (KY-06).
constexpr Millis kKeysEvery{3000};
constexpr Millis kSweepEvery{30'000};
constexpr Millis kSweepOn{200};
constexpr Millis kLogoutsEvery{5000};
// So that a client which answers slowly doesn't keep the others waiting: nobody takes what another
// has taken.
constexpr unsigned kCouriers = 4;
// Where there is only one, its row is for people who look, and need not wake a disk that sleeps.
constexpr Duration kLoneBeat = seconds(60);
// The answer says what time it was at some moment in between: a longer time tells too little.
constexpr Duration kLongestTrip = seconds(5);
// A lease ends a little earlier for its holder than for the others.
constexpr Duration kLeaseMargin = seconds(3);

std::string in_seconds(Duration time) {
  return fmt::format("{:.1f}", std::chrono::duration<double>(time).count());
}

}  // namespace

Chores::Chores(Node& node, ChoreOptions options, Uptime uptime)
    : node_(node),
      options_(std::move(options)),
      uptime_(std::move(uptime)),
      deps_(node.deps()),
      readiness_(*node.deps().readiness) {
  self_.id = Id::make(deps_.clock.now(), deps_.random);
  self_.name = options_.node_name;
  all_ = {{.name = "node", .every = kNodeEvery, .with_more_to_do = kNodeEvery},
          {.name = "key_ring", .every = kKeysEvery, .with_more_to_do = kKeysEvery},
          {.name = "keys", .every = kKeysEvery, .with_more_to_do = kKeysEvery},
          {.name = "sweep", .every = kSweepEvery, .with_more_to_do = kSweepOn},
          {.name = "logouts", .every = kLogoutsEvery, .with_more_to_do = Millis(0)}};
  all_[0].round = [this] { return look_after_node(); };
  all_[1].round = [this] { return load_keys(); };
  all_[1].topic = store::kKeysTopic;
  all_[2].round = [this] { return keep_keys(); };
  all_[3].round = [this] { return sweep(); };
  all_[4].round = [this] { return deliver_logouts(); };
  all_[4].topic = store::kLogoutsTopic;
  all_[4].at_once = kCouriers;
  for (const std::size_t shared : {2U, 3U, 4U}) all_[shared].of_one_node = true;
}

Task<Millis> Chores::run(const Chore& chore) {
  const bool ours = is_ours(chore);
  readiness_.is_ours(chore.name, ours);
  if (!ours) co_return std::min(chore.every, kNodeEvery);
  bool more = false;
  std::string cause;
  try {
    more = co_await chore.round();
  } catch (const std::exception& failure) {
    cause = failure.what();
  }
  note(chore, std::move(cause));
  co_return more ? chore.with_more_to_do : chore.every;
}

// A database that is away is written down once, not in every round.
void Chores::note(const Chore& chore, std::string cause) {
  const Time at = deps_.clock.now();
  auto& before = causes_[chore.name];
  if (cause.empty()) {
    readiness_.went_well(chore.name, at);
  } else {
    readiness_.failed(chore.name, at, cause);
    if (cause != before) {
      deps_.log.write(LogLevel::warning, "chore.failed",
                      {{"chore", std::string(chore.name)}, {"cause", cause}});
    }
  }
  before = std::move(cause);
}

Task<void> Chores::leave() {
  auto& store = node_.store();
  try {
    for (const auto& chore : all_) {
      if (held_until_.erase(chore.name) == 0) continue;
      co_await store.leases.release(std::string(chore.name), self_.id, now());
    }
    if (last_beat_) co_await store.nodes.leave(self_.id);
  } catch (const std::exception& failure) {
    // The others wait for the end of the leases then.
    deps_.log.write(LogLevel::warning, "chore.failed",
                    {{"chore", "node"}, {"cause", failure.what()}});
  }
}

Task<bool> Chores::look_after_node() {
  co_await measure_clock();
  const bool shared = node_.store().driver().is_shared();
  const bool due = !last_beat_ || shared || uptime_() - *last_beat_ >= kLoneBeat;
  if (due) {
    self_.seen_at = now();
    if (!last_beat_) self_.started_at = self_.seen_at;
    co_await node_.store().nodes.beat(self_);
    last_beat_ = uptime_();
  }
  if (shared) {
    for (const auto& chore : all_) {
      if (chore.of_one_node) co_await keep_lease(chore);
    }
    co_await look_at_others();
  }
  clock_is_believed();
  co_return false;
}

Task<void> Chores::measure_clock() {
  const Duration sent = uptime_();
  const auto database = co_await node_.store().driver().clock();
  const Duration trip = uptime_() - sent;
  if (!database || trip > kLongestTrip) co_return;
  if (!database_clock_) watch_ = ClockWatch();  // it may have seen this machine's clock
  database_clock_ = {*database, sent + trip / 2};
  self_.clock_offset = deps_.clock.now() - now();
  readiness_.clock_offset = self_.clock_offset.count();
}

Task<void> Chores::look_at_others() {
  const auto nodes = co_await node_.store().nodes.list();
  Duration least = self_.clock_offset;
  Duration greatest = least;
  std::int64_t alive = 0;
  for (const auto& node : nodes) {
    if (!node.is_alive(now())) continue;
    ++alive;
    least = std::min(least, node.clock_offset);
    greatest = std::max(greatest, node.clock_offset);
  }
  readiness_.live_nodes = alive;
  readiness_.clock_spread = (greatest - least).count();
}

Task<void> Chores::keep_lease(const Chore& chore) {
  const Duration asked = uptime_();
  const Time until = now() + kLease;
  const auto lease = co_await node_.store().leases.acquire(std::string(chore.name), self_.id,
                                                           until - kLease, until);
  if (!lease) {
    held_until_.erase(chore.name);
    co_return;
  }
  const bool is_new = !held_until_.contains(chore.name);
  held_until_[chore.name] = asked + kLease - kLeaseMargin;
  if (is_new) {
    deps_.log.write(LogLevel::info, "chore.ours",
                    {{"chore", std::string(chore.name)}, {"fence", std::to_string(lease->fence)}});
  }
}

// Who was frozen finds out here: the uptime went on.
bool Chores::is_ours(const Chore& chore) const {
  if (!chore.of_one_node || !node_.store().driver().is_shared()) return true;
  const auto held = held_until_.find(chore.name);
  return held != held_until_.end() && uptime_() < held->second;
}

Time Chores::now() const {
  if (!database_clock_) return deps_.clock.now();
  return database_clock_->first + (uptime_() - database_clock_->second);
}

bool Chores::clock_is_believed() {
  readiness_.clock_jump = watch_.look(now(), uptime_()).count();
  const bool right = readiness_.clock_is_right();
  if (right != clock_was_right_) report_clock(right);
  clock_was_right_ = right;
  return readiness_.clock_jump == 0;
}

void Chores::report_clock(bool right) {
  deps_.log.write(right ? LogLevel::notice : LogLevel::warning,
                  right ? "clock.right" : "clock.wrong",
                  {{"offset_seconds", in_seconds(Duration(readiness_.clock_offset))},
                   {"spread_seconds", in_seconds(Duration(readiness_.clock_spread))},
                   {"jump_seconds", in_seconds(Duration(readiness_.clock_jump))}});
}

Task<bool> Chores::load_keys() {
  auto loaded = co_await admin::load_changed_keys(node_.operations().deps(), known_keys_);
  known_keys_ = std::move(loaded);
  co_return false;
}

Task<bool> Chores::keep_keys() {
  // A key is of age, or has ended, by this node's own clock.
  const Duration off = deps_.clock.now() - now();
  const bool own_is_right =
      off <= ClockWatch::kBelievableStep && -off <= ClockWatch::kBelievableStep;
  if (!clock_is_believed() || !own_is_right) co_return false;
  const auto round = co_await admin::keep_keys(node_.operations().deps(), options_.rotate_every);
  for (const auto& key : round.rotated) {
    deps_.log.write(LogLevel::notice, "key.rotated", {{"kid", key.kid}, {"alg", key.alg}});
  }
  if (round.removed > 0) {
    deps_.log.write(LogLevel::notice, "key.removed", {{"keys", std::to_string(round.removed)}});
  }
  co_return false;
}

Task<bool> Chores::sweep() {
  if (!clock_is_believed()) co_return false;
  const Time at = now();
  std::size_t removed = 0;
  if (options_.purge_unused.count() > 0) {
    removed = co_await node_.store().clients.purge_unused(at - options_.purge_unused, kRowsAtOnce);
  }
  removed += co_await node_.store().sweep(at, kRowsAtOnce);
  if (removed > 0) {
    deps_.log.write(LogLevel::debug, "sweep.removed", {{"rows", std::to_string(removed)}});
  }
  co_return removed >= kRowsAtOnce;
}

Task<bool> Chores::deliver_logouts() {
  const auto tried = co_await endpoints::deliver_logouts(deps_);
  co_return tried > 0;
}

}  // namespace claviger::app
