// 64 requests for one thing at one moment, over 64 connections to the real server.
#include <cstdlib>
#include <set>

#include "tests/chaos/chaos_test.hpp"
#include "tests/chaos/volley.hpp"

namespace claviger::test {
namespace {

constexpr std::size_t kAtOnce = 64;

int rounds() {
  const char* const text = std::getenv("CLAVIGER_CHAOS_ROUNDS");
  return text == nullptr ? 200 : static_cast<int>(std::strtol(text, nullptr, 10));
}

class RacesOverHttp : public Chaos {
 protected:
  void SetUp() override {
    ASSERT_TRUE(server_.wait_until_ready()) << home.log();
    ASSERT_TRUE(visitor.enrol()) << visitor.trouble;
  }
  void TearDown() override {
    learn(visitor);
    Chaos::TearDown();
  }
  std::vector<Answer> all_at_once(const Form& form) {
    auto answers = volley_.fire("/token", form);
    for (const auto& answer : answers) visitor.remember_secrets_of(answer);
    return answers;
  }
  Answer fresh_tokens() {
    IssuedCode issued;
    visitor.authorize(issued);
    return visitor.redeem(issued).value_or(Answer{});
  }

  ServerProcess server_{home};
  Visitor visitor{home.port, "racer"};

 private:
  Volley volley_{home.port, {home.port}, kAtOnce};
};

// CI-01 and CI-03: one wins, and the losers take nothing from the winner.
TEST_F(RacesOverHttp, CI_01_CI_03_64_redemptions_of_one_code) {
  for (int round = 1; round <= rounds(); ++round) {
    IssuedCode issued;
    ASSERT_EQ(status_of(visitor.authorize(issued)), 303u);
    const Answer* won = nullptr;
    const auto answers = all_at_once(visitor.redeem_form(issued));
    for (const auto& answer : answers) {
      if (answer.status == 200) {
        ASSERT_EQ(won, nullptr) << "two winners in round " << round;
        won = &answer;
        continue;
      }
      ASSERT_EQ(answer.status, 400u) << "round " << round;
      ASSERT_EQ(answer.member("error"), "invalid_grant") << "round " << round;
    }
    ASSERT_NE(won, nullptr) << "no winner in round " << round;
    ASSERT_EQ(status_of(visitor.api(won->member("access_token"))), 200u) << "round " << round;
    const auto next = visitor.refresh(won->member("refresh_token"));
    ASSERT_EQ(status_of(next), 200u) << "round " << round;
    // Later, and not at the same time, it is a replay (CI-01).
    ASSERT_EQ(error_of(visitor.redeem(issued)), "invalid_grant");
    ASSERT_EQ(status_of(visitor.api(next->member("access_token"))), 401u) << "round " << round;
  }
}

// RT-02: one rotation, and everybody hears of the same successor. RT-01: an older token ends all.
TEST_F(RacesOverHttp, RT_01_RT_02_64_rotations_of_one_refresh_token) {
  for (int round = 1; round <= rounds(); ++round) {
    const auto first = fresh_tokens().member("refresh_token");
    ASSERT_FALSE(first.empty());
    std::set<std::string> successors;
    std::string access;
    for (const auto& answer : all_at_once(visitor.refresh_form(first))) {
      ASSERT_EQ(answer.status, 200u) << "round " << round << ": " << answer.body.substr(0, 99);
      successors.insert(answer.member("refresh_token"));
      access = answer.member("access_token");
    }
    ASSERT_EQ(successors.size(), 1u) << "round " << round;
    const auto next = visitor.refresh(*successors.begin());
    ASSERT_EQ(status_of(next), 200u) << "round " << round;
    ASSERT_EQ(status_of(visitor.api(access)), 200u) << "round " << round;
    // The first is two generations old by now.
    ASSERT_EQ(error_of(visitor.refresh(first)), "invalid_grant") << "round " << round;
    ASSERT_EQ(error_of(visitor.refresh(next->member("refresh_token"))), "invalid_grant");
    ASSERT_EQ(status_of(visitor.api(access)), 401u) << "round " << round;
  }
}

}  // namespace
}  // namespace claviger::test
