// SE-17: many people at the same moment, more than the server has threads for, and everybody stays
// who they are: no answer, session, code or token of one ever reaches another.
#include <thread>

#include "tests/chaos/chaos_test.hpp"

namespace claviger::test {
namespace {

constexpr std::size_t kPeople = 20;
constexpr int kVisits = 9;
constexpr int kSignInEvery = 3;

class Identities : public Chaos {
 protected:
  void SetUp() override { ASSERT_TRUE(server_.wait_until_ready()) << home.log(); }

  // What went wrong with this person first; empty when nothing did.
  static std::string live(Visitor& visitor) {
    if (!visitor.enrol()) return visitor.trouble;
    for (int visit = 1; visit <= kVisits; ++visit) {
      if (visit % kSignInEvery == 0 && status_of(visitor.log_in(visitor.password())) != 303) {
        return "not signed in again";
      }
      IssuedCode issued;
      if (status_of(visitor.authorize(issued)) != 303 || issued.code.empty()) return "no code";
      const auto tokens = visitor.redeem(issued);
      if (status_of(tokens) != 200) return "no tokens: " + error_of(tokens);
      const auto next = visitor.refresh(tokens->member("refresh_token"));
      if (status_of(next) != 200) return "no new tokens: " + error_of(next);
      for (const auto* answer : {&tokens, &next}) {
        const auto said = visitor.api((*answer)->member("access_token"));
        if (!is_about(visitor, said))
          return said ? "taken for somebody else: " + said->body : "none";
      }
    }
    return {};
  }

 private:
  static bool is_about(const Visitor& visitor, const std::optional<Answer>& answer) {
    return status_of(answer) == 200 &&
           answer->body.find("\"username\":\"" + visitor.username() + "\"") != std::string::npos &&
           answer->body.find("\"email\":\"" + visitor.username() + "@") != std::string::npos;
  }

  ServerProcess server_{home};
};

TEST_F(Identities, SE_17_nobody_becomes_somebody_else) {
  std::vector<std::unique_ptr<Visitor>> people;
  std::vector<std::string> troubles(kPeople);
  for (std::size_t i = 0; i < kPeople; ++i) {
    people.push_back(std::make_unique<Visitor>(home.port, "self" + std::to_string(i)));
  }
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kPeople; ++i) {
      threads.emplace_back([&, i] { troubles[i] = live(*people[i]); });
    }
  }
  for (std::size_t i = 0; i < kPeople; ++i) {
    EXPECT_EQ(troubles[i], "") << people[i]->username();
    learn(*people[i]);
  }
}

}  // namespace
}  // namespace claviger::test
