// What one client knows for certain about its grants, and the load and the checks that follow from
// it (I1, I2, I3, I5). The client survives what the server does not, so its journal is in memory.
#pragma once
#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/chaos/visitor.hpp"

namespace claviger::test {

// Each state but `live` and `revoked` means that a question is open: the answer was lost.
enum class GrantState {
  issued,     // the code came, nobody has shown it
  redeeming,  // was it redeemed?
  live,
  refreshing,  // was `refresh` rotated?
  revoking,    // was the grant revoked?
  revoked,
  over,  // nothing is left to check
};

struct KnownGrant {
  GrantState state = GrantState::issued;
  IssuedCode issued;
  std::chrono::steady_clock::time_point issued_at;
  bool touched = true;  // since it was checked last
  std::string access;
  std::string refresh;
  std::string stale;  // two generations older than `refresh`: showing it is theft
  std::string previous;
};

struct Tally {
  std::size_t acknowledged = 0;
  std::size_t shed = 0;     // 503 and 429
  std::size_t unknown = 0;  // no answer
  std::size_t fenced = 0;   // codes from before a failover, refused after it
  std::vector<std::string> violations;

  void add(const Tally& other);
};

class JournalledClient {
 public:
  JournalledClient(std::uint16_t port, const std::string& name, std::uint64_t seed);
  JournalledClient(std::uint16_t issuer_port, const std::vector<std::uint16_t>& nodes,
                   const std::string& name, std::uint64_t seed);

  bool enrol() { return visitor_.enrol(); }
  // Uses the server until `stop`, through whatever happens to it.
  void load(const std::atomic<bool>& stop);
  // The same of a server that stays: ends with `stop`, whatever is answered.
  void load_until(const std::atomic<bool>& stop);
  // Likewise, of one whose faults nobody may notice.
  void load_unharmed_until(const std::atomic<bool>& stop);
  // One grant from its code to the theft that ends it, or as far as answers come.
  void script();
  // On a server that nobody disturbs: everything acknowledged holds, every open question has an
  // allowed answer. Closes some grants on the way, by showing their codes again.
  void check();

  // The store may be another incarnation of itself when this ends: a code from before is refused
  // then, whoever may have redeemed it (the storage epoch), and everything else goes on. Called
  // while it works.
  void failover_begins() { fenced_before_ = Clock::duration::max().count(); }
  void failover_ended() { fenced_before_ = Clock::now().time_since_epoch().count(); }

  const Tally& tally() const { return tally_; }
  Visitor& visitor() { return visitor_; }

 private:
  using Clock = std::chrono::steady_clock;

  bool is_fenced(const KnownGrant& grant) const {
    return grant.issued_at.time_since_epoch().count() <= fenced_before_;
  }
  bool begin_grant();
  void issue();
  void redeem(KnownGrant& grant);
  void rotate(KnownGrant& grant);
  void use(KnownGrant& grant);
  void replay_code(KnownGrant& grant);
  void replay_stale(KnownGrant& grant);
  void try_revoked(KnownGrant& grant);
  void one_step();
  void check_one(KnownGrant& grant);
  void check_issued(KnownGrant& grant);
  void check_revoked(KnownGrant& grant);
  void take_tokens(KnownGrant& grant, const Answer& answer);
  // The grant that a draw hits, or none when it is of no use for that.
  KnownGrant* draw(GrantState state);
  // True: the answer is one of the expected. Counts, and notes what may not be.
  bool judge(const std::optional<Answer>& answer, std::initializer_list<unsigned> expected,
             const char* what);
  void violated(const std::string& what);
  std::size_t below(std::size_t end) { return random_() % end; }

  Visitor visitor_;
  std::mt19937_64 random_;
  std::deque<KnownGrant> grants_;
  Tally tally_;
  bool undisturbed_ = false;
  bool connected_ = true;
  std::atomic<Clock::rep> fenced_before_ = Clock::duration::min().count();
};

}  // namespace claviger::test
