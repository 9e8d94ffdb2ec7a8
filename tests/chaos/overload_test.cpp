// HT-22, SE-17: the real server, with its database, behind with what many people ask of it. Some of
// them are told to come again, and nobody is taken for anybody else.
#include <csignal>
#include <deque>
#include <set>
#include <thread>

#include "tests/chaos/chaos_test.hpp"

namespace claviger::test {
namespace {

constexpr std::size_t kPeople = 8;
constexpr std::size_t kConnections = 96;
constexpr int kMostWaves = 10;
// Far longer than a thread may be behind before it turns anybody away, and than a request may wait.
constexpr Milliseconds kBehind{1500};

class Overload : public Chaos {
 protected:
  struct Asker {
    std::string token;
    std::string username;
  };

  void SetUp() override {
    ASSERT_TRUE(server_.wait_until_ready()) << home.log();
    for (std::size_t i = 0; i < kPeople; ++i) {
      Visitor visitor(home.port, "asker" + std::to_string(i));
      ASSERT_TRUE(visitor.enrol()) << visitor.trouble;
      IssuedCode issued;
      visitor.authorize(issued);
      const auto tokens = visitor.redeem(issued).value_or(Answer{});
      askers_.push_back({tokens.member("access_token"), visitor.username()});
      learn(visitor);
    }
    for (std::size_t i = 0; i < kConnections; ++i) {
      connections_.emplace_back(home.port);
      ASSERT_EQ(status_of(connections_.back().ask(question(i))), 200u);
    }
  }

  // The first half of the requests lies in the server's sockets while it stands still; the second
  // comes as it goes on.
  void wave() {
    server_.send(SIGSTOP);
    for (std::size_t i = 0; i < kConnections / 2; ++i) write(i);
    std::this_thread::sleep_for(kBehind);
    for (std::size_t i = kConnections / 2; i < kConnections; ++i) write(i);
    server_.send(SIGCONT);
    for (std::size_t i = 0; i < kConnections; ++i) judge(i, connections_[i].read());
  }

  void judge(std::size_t i, const std::optional<Answer>& answer) {
    ASSERT_TRUE(answer.has_value());
    EXPECT_TRUE(ids_.insert(answer->header("x-request-id")).second);
    if (answer->status == 503) {
      EXPECT_EQ(answer->header("retry-after"), "1");
      ++told_;
      return;
    }
    EXPECT_EQ(answer->status, 200u) << answer->body;
    EXPECT_TRUE(answer->body.contains("\"username\":\"" + askers_[i % kPeople].username + "\""))
        << answer->body;
    ++answered_;
  }

  // The same once more, for as long as the server still says that it is busy.
  void expect_served(std::size_t i) {
    const auto until = std::chrono::steady_clock::now() + kGenerous;
    auto answer = connections_[i].ask(question(i));
    while (status_of(answer) == 503 && std::chrono::steady_clock::now() < until) {
      answer = connections_[i].ask(question(i));
    }
    EXPECT_EQ(status_of(answer), 200u);
    judge(i, answer);
  }

  std::size_t told_ = 0;
  std::size_t answered_ = 0;

 private:
  Question question(std::size_t i) const {
    return {.target = "/api",
            .headers = {{"Authorization", "Bearer " + askers_[i % kPeople].token}},
            .post = true};
  }
  void write(std::size_t i) {
    ASSERT_TRUE(connections_[i].write(connections_[i].head_of(question(i))));
  }

  ServerProcess server_{home};
  std::vector<Asker> askers_;
  std::deque<HttpClient> connections_;
  std::set<std::string> ids_;
};

TEST_F(Overload, HT_22_SE_17_whoever_is_not_told_to_come_again_is_told_about_themselves) {
  for (int i = 0; i < kMostWaves && (told_ == 0 || answered_ == 0); ++i) wave();
  EXPECT_GT(told_, 0u);
  EXPECT_GT(answered_, 0u);
  for (std::size_t i = 0; i < kConnections; ++i) expect_served(i);
}

}  // namespace
}  // namespace claviger::test
