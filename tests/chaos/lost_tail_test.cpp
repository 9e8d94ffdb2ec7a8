// T-15: the primary dies with writes that its asynchronous standby never got, and the standby takes
// its place. What was used once in the lost tail can't be used again (I1); a refresh token that was
// rotated there goes on (I2, bounded: one step, for a day).
#include "tests/chaos/postgres_standby.hpp"
#include "tests/chaos/two_nodes.hpp"

namespace claviger::test {
namespace {

struct AsynchronousPair : PostgresPair {
  AsynchronousPair() : PostgresPair(Replication::asynchronous) {}
};

// What one person's application holds when the primary dies.
struct Holdings {
  std::unique_ptr<Visitor> visitor;
  std::vector<std::string> untouched;   // refresh tokens
  std::vector<std::string> rotated;     // those that came in the lost tail
  std::string rotated_twice;            // likewise, one too many
  std::vector<IssuedCode> redeemed;     // in the lost tail
  std::vector<std::string> unheard_of;  // refresh tokens of these
};

class T15AsyncStandby : public TwoNodesOn<AsynchronousPair> {
 protected:
  const std::uint64_t per_client = short_or_long(6, 30);
  std::vector<Holdings> all;
  std::size_t acknowledged = 0;
  std::size_t double_redemptions = 0;
  std::size_t survived = 0;
  std::size_t families = 0;

  void meet(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      all.push_back({std::make_unique<Visitor>(home.issuer_port, ports(), std::to_string(i)),
                     {},
                     {},
                     {},
                     {},
                     {}});
      ASSERT_TRUE(all.back().visitor->enrol()) << all.back().visitor->trouble;
    }
  }
  IssuedCode code_of(Visitor& visitor) {
    IssuedCode issued;
    EXPECT_EQ(status_of(visitor.authorize(issued)), 303u);
    return issued;
  }
  // The refresh token of a 200; empty for anything else.
  std::string token_of(const std::optional<Answer>& answer) {
    if (status_of(answer) != 200) return {};
    ++acknowledged;
    return answer->member("refresh_token");
  }
  std::string must_refresh(Visitor& visitor, const std::string& token) {
    const auto next = token_of(visitor.refresh(token));
    EXPECT_FALSE(next.empty());
    return next;
  }
  void collect() {
    for (auto& each : all) {
      auto& visitor = *each.visitor;
      each = Holdings{std::move(each.visitor), {}, {}, {}, {}, {}};
      for (std::uint64_t i = 0; i < per_client; ++i) {
        each.untouched.push_back(token_of(visitor.redeem(code_of(visitor))));
        each.rotated.push_back(token_of(visitor.redeem(code_of(visitor))));
        each.redeemed.push_back(code_of(visitor));
      }
      each.rotated_twice = token_of(visitor.redeem(code_of(visitor)));
    }
  }
  // Acknowledged, and known to nobody but the primary.
  void lose_a_tail() {
    for (auto& each : all) {
      auto& visitor = *each.visitor;
      for (auto& token : each.rotated) token = must_refresh(visitor, token);
      each.rotated_twice = must_refresh(visitor, must_refresh(visitor, each.rotated_twice));
      for (const auto& code : each.redeemed) {
        each.unheard_of.push_back(token_of(visitor.redeem(code)));
        EXPECT_FALSE(each.unheard_of.back().empty());
      }
    }
  }
  void fail_over() {
    database.fail_over();
    wait_until_both_serve(*all.front().visitor);
    for (auto& each : all) each.visitor->reconnect();
  }
  // A node may find out about the new primary by this very request.
  std::optional<Answer> patiently(const std::function<std::optional<Answer>()>& ask) {
    std::optional<Answer> answer;
    comes_true([&] {
      answer = ask();
      return answer && answer->status != 503;
    });
    return answer;
  }
  void must_be_refused(const std::function<std::optional<Answer>()>& ask, const char* what) {
    const auto answer = patiently(ask);
    EXPECT_EQ(status_of(answer), 400u) << what;
    EXPECT_EQ(error_of(answer), "invalid_grant") << what;
  }
  void goes_on(Visitor& visitor, const std::string& token) {
    ++families;
    const auto next = token_of(patiently([&] { return visitor.refresh(token); }));
    if (next.empty()) return;
    ++survived;
    // From here on as ever: the next one works.
    EXPECT_FALSE(token_of(patiently([&] { return visitor.refresh(next); })).empty());
  }
  void use_what_is_left(Holdings& each) {
    auto& visitor = *each.visitor;
    for (const auto& code : each.redeemed) {
      const auto answer = patiently([&] { return visitor.redeem(code); });
      if (status_of(answer) == 200) ++double_redemptions;
      EXPECT_EQ(error_of(answer), "invalid_grant");
    }
    for (const auto& token : each.untouched) goes_on(visitor, token);
    for (const auto& token : each.rotated) goes_on(visitor, token);
    must_be_refused([&] { return visitor.refresh(each.rotated_twice); }, "two steps ahead");
    for (const auto& token : each.unheard_of) {
      must_be_refused([&] { return visitor.refresh(token); }, "of a grant that is lost");
    }
    EXPECT_FALSE(token_of(visitor.redeem(code_of(visitor))).empty()) << "a new grant";
  }
};

TEST_F(T15AsyncStandby, what_was_used_in_the_lost_tail_stays_used) {
  const auto cycles = short_or_long(1, 10);
  ASSERT_NO_FATAL_FAILURE(start_both());
  ASSERT_NO_FATAL_FAILURE(meet(short_or_long(2, 10)));
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    if (cycle > 0) database.give_a_standby();
    collect();
    database.await_standby();
    database.cut_off_standby();
    lose_a_tail();
    ASSERT_NO_FATAL_FAILURE(fail_over());
    for (auto& each : all) use_what_is_left(each);
    if (HasFailure()) break;
  }
  EXPECT_EQ(double_redemptions, 0u);
  EXPECT_GE(static_cast<double>(survived), 0.999 * static_cast<double>(families));
  for (auto& each : all) learn(*each.visitor);
  report(
      fmt::format("T-15 seed={} cycles={} nodes={} clients={} acknowledged={} "
                  "double_redemptions={} families={} survived={} violations={}",
                  seed, cycles, kNodes, all.size(), acknowledged, double_redemptions, families,
                  survived, violations_so_far()));
}

}  // namespace
}  // namespace claviger::test
