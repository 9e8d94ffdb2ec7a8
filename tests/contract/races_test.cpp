// I1 and I3: of any number of simultaneous calls exactly one wins, over real threads, the real
// writer and real readers (T-19).
#include <atomic>
#include <thread>

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

constexpr int kThreads = 4;
constexpr int kCalls = 64;
constexpr int kRounds = kUnderThreadSanitizer ? 40 : 200;

class RacesContract : public StoreTest {
 protected:
  // Runs `call` kCalls times at once, spread over several io_contexts, and returns how often it
  // said true.
  int winners(const std::function<Task<bool>(int)>& call) {
    std::vector<std::unique_ptr<boost::asio::io_context>> contexts;
    for (int i = 0; i < kThreads; ++i) {
      contexts.push_back(std::make_unique<boost::asio::io_context>(1));
    }
    std::atomic<int> won = 0;
    for (int i = 0; i < kCalls; ++i) {
      boost::asio::co_spawn(contexts[static_cast<std::size_t>(i % kThreads)]->get_executor(),
                            call(i), [&won](std::exception_ptr error, bool winner) {
                              EXPECT_FALSE(error);
                              if (winner) ++won;
                            });
    }
    std::vector<std::thread> threads;
    for (auto& context : contexts) threads.emplace_back([&context] { context->run(); });
    for (auto& thread : threads) thread.join();
    return won;
  }
  Task<bool> redeem(store::RedeemPlan plan) {
    const auto redemption = co_await store().codes.redeem(std::move(plan));
    co_return std::holds_alternative<store::Codes::Redeemed>(redemption);
  }
  Task<bool> rotate(store::RotatePlan plan) {
    const auto rotation = co_await store().grants.rotate(std::move(plan));
    co_return rotation == store::Grants::Rotation::rotated;
  }
  Task<bool> issue(Code code, Id transaction) {
    const auto issued = co_await store().codes.issue(an_answer(code, transaction));
    co_return issued == store::Codes::Issued::issued;
  }
  Task<bool> redeem_device(store::DeviceRedeemPlan plan) {
    const auto redemption = co_await store().device_codes.redeem(std::move(plan));
    co_return std::holds_alternative<store::DeviceCodes::Redeemed>(redemption);
  }
  // Never the winner of a race that is about something else.
  Task<bool> exchange(Grant grant) {
    co_await store().grants.add(std::move(grant), kNow + hours(1));
    co_return false;
  }
  Code issued() {
    const Code code = a_code(random);
    run_task(store().codes.issue(an_answer(code)));
    return code;
  }
};
CLAVIGER_ON_EVERY_ENGINE(RacesContract);

TEST_P(RacesContract, CI_01_one_redemption_of_a_code) {
  for (int round = 1; round <= kRounds; ++round) {
    const Code code = issued();
    const int won = winners([&](int) { return redeem(a_redeem_plan(random, code)); });
    ASSERT_EQ(won, 1) << "round " << round;
    ASSERT_EQ(count("SELECT count(*) FROM grants"), round);
    ASSERT_EQ(count("SELECT count(*) FROM refresh_families"), round);
  }
}

TEST_P(RacesContract, I3_one_rotation_of_a_family) {
  const auto plan = a_redeem_plan(random, issued());
  run_task(store().codes.redeem(plan));
  RefreshFamily family = *plan.family;
  for (int round = 1; round <= kRounds; ++round) {
    const int won = winners([&](int) { return rotate(a_rotate_plan(family)); });
    ASSERT_EQ(won, 1) << "round " << round;
    family = run_task(store().grants.find_family(family.id))->family;
    ASSERT_EQ(family.counter, 1 + round);
    family.rotated_at = kNow;  // so that no round runs into an expiry
  }
}

TEST_P(RacesContract, one_code_for_a_transaction) {
  for (int round = 1; round <= kRounds / 10; ++round) {
    const auto transaction = a_transaction(random);
    run_task(store().transactions.add(transaction));
    const int won = winners([&](int) { return issue(a_code(random), transaction.id); });
    ASSERT_EQ(won, 1) << "round " << round;
    ASSERT_EQ(count("SELECT count(*) FROM codes"), round);
  }
}

TEST_P(RacesContract, burning_and_redeeming_have_one_winner) {
  for (int round = 1; round <= kRounds / 10; ++round) {
    const Code code = issued();
    const auto before = count("SELECT count(*) FROM grants");
    const int won = winners([&](int i) -> Task<bool> {
      if (i % 2 == 0) return redeem(a_redeem_plan(random, code));
      return [](store::Store& store, Id selector) -> Task<bool> {
        co_await store.codes.burn(selector, kNow);
        co_return false;
      }(store(), code.selector);
    });
    ASSERT_LE(won, 1) << "round " << round;
    ASSERT_EQ(count("SELECT count(*) FROM grants"), before + won);
    ASSERT_EQ(run_task(store().codes.find(code.selector))->grant.has_value(), won == 1);
  }
}

TEST_P(RacesContract, one_redemption_of_a_device_code) {
  for (int round = 1; round <= kRounds / 10; ++round) {
    const auto code = a_device_code(random, "ROUND" + std::to_string(round));
    run_task(store().device_codes.add(code));
    run_task(store().device_codes.approve(code.selector, a_grant(random), kNow));
    const int won = winners([&](int) { return redeem_device(a_redeem_plan(random, code)); });
    ASSERT_EQ(won, 1) << "round " << round;
    ASSERT_EQ(count("SELECT count(*) FROM grants"), round);
    ASSERT_EQ(count("SELECT count(*) FROM refresh_families"), round);
  }
}

TEST_P(RacesContract, one_answer_to_a_device_code) {
  for (int round = 1; round <= kRounds / 10; ++round) {
    const auto code = a_device_code(random, "ROUND" + std::to_string(round));
    run_task(store().device_codes.add(code));
    const int won = winners([&](int i) {
      return i % 2 == 0 ? store().device_codes.approve(code.selector, a_grant(random), kNow)
                        : store().device_codes.deny(code.selector, kNow);
    });
    ASSERT_EQ(won, 1) << "round " << round;
    const auto kept = run_task(store().device_codes.find(code.selector));
    ASSERT_NE(kept->approved.has_value(), kept->denied_at.has_value());
  }
}

TEST_P(RacesContract, CA_06_one_use_of_an_assertion) {
  for (int round = 1; round <= kRounds / 10; ++round) {
    const auto key = a_digest(static_cast<std::uint8_t>(round));
    const int won = winners([&](int) -> Task<bool> {
      const auto remembered = co_await store().replays.remember(key, kNow + minutes(5), kNow);
      co_return remembered == store::Replays::Remembered::first;
    });
    ASSERT_EQ(won, 1) << "round " << round;
  }
}

TEST_P(RacesContract, DC_07_an_initial_access_token_is_used_as_often_as_it_may) {
  for (int round = 1; round <= kRounds / 10; ++round) {
    auto token = an_initial_access_token(random);
    token.uses_left = round % 3 + 1;
    run_task(store().initial_access_tokens.add(token));
    const int won =
        winners([&](int) { return store().initial_access_tokens.use(token.selector, kNow); });
    ASSERT_EQ(won, token.uses_left) << "round " << round;
  }
}

TEST_P(RacesContract, one_node_takes_a_logout) {
  const auto session = a_session(random);
  run_task(store().sessions.start(session, {}));
  Code code = a_code(random);
  code.session = session.id;
  run_task(store().codes.issue(an_answer(code)));
  run_task(store().sessions.end(session.id, kNow));
  for (int round = 1; round <= kRounds / 10; ++round) {
    const auto due = run_task(store().logouts.due(kNow, 10));
    ASSERT_EQ(due.size(), 1u);
    const int won = winners([&](int) { return store().logouts.take(due[0], kNow); });
    ASSERT_EQ(won, 1) << "round " << round;
    ASSERT_EQ(count("SELECT attempts FROM logouts"), round);
  }
}

TEST_P(RacesContract, one_change_of_a_version_of_a_client) {
  run_task(store().clients.add(a_client()));
  for (int round = 1; round <= kRounds / 10; ++round) {
    const auto client = run_task(store().clients.find("shop"));
    const int won = winners([&](int) { return store().clients.update(*client); });
    ASSERT_EQ(won, 1) << "round " << round;
  }
}

// TX-11: whoever exchanges while the source is being revoked gets a grant that is revoked, or none.
TEST_P(RacesContract, TX_11_no_exchanged_grant_survives_the_revocation_of_its_source) {
  for (int round = 1; round <= kRounds / 10; ++round) {
    const auto source = a_redeem_plan(random, issued());
    run_task(store().codes.redeem(source));
    const Id& id = source.grant.id;
    const int revoked = winners([&](int i) {
      return i % 4 == 0 ? store().grants.revoke(id, "operator", kNow)
                        : exchange(an_exchanged_grant(random, id));
    });
    ASSERT_EQ(revoked, 1) << "round " << round;
    ASSERT_EQ(count("SELECT count(*) FROM grants WHERE revoked_at IS NULL"), 0);
  }
}

// Writers and readers at once: a reader sees all of an operation or nothing of it.
TEST_P(RacesContract, readers_see_whole_operations) {
  std::atomic<bool> done = false;
  std::atomic<int> halves = 0;
  std::thread reader([&] {
    while (!done) {
      const auto rows = run_task(
          store().driver().read({"SELECT (SELECT count(*) FROM codes WHERE grant_id IS NOT NULL), "
                                 "(SELECT count(*) FROM grants)",
                                 {}}));
      if (rows.at(0).integer(0) != rows.at(0).integer(1)) ++halves;
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    run_task(store().codes.redeem(a_redeem_plan(random, issued())));
  }
  done = true;
  reader.join();
  EXPECT_EQ(halves, 0);
}

}  // namespace
}  // namespace claviger::test
