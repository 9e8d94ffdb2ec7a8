// One person with a browser and the applications that act for them. What they do is drawn from the
// seed; what they see is told to the oracle.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/oracle.hpp"
#include "tests/simulator/requests.hpp"
#include "tests/simulator/scene.hpp"

namespace claviger::simulator {

class Visitor {
 public:
  Visitor(Cluster& cluster, Schedule& schedule, Oracle& oracle, Person person)
      : cluster_(cluster), schedule_(schedule), oracle_(oracle), person_(std::move(person)) {}

  // Until they have had enough.
  Task<void> live();
  // Nothing goes wrong any more: what was acknowledged has to work.
  Task<void> look_back();

 private:
  using Story = std::shared_ptr<OnceStory>;
  using Held = std::shared_ptr<GrantStory>;
  struct Code {
    Story story;
    std::string text;
  };

  Task<void> pass_the_time();
  Task<void> use_an_application(const char* client, bool whole_way);
  Task<std::optional<Code>> get_code(const char* client, bool whole_way);
  Task<Answer> walk(Answer answer, std::string client, bool denies);
  Task<std::optional<TokenSet>> redeem(const Story& story, Form form);
  Task<void> work_with(Held grant);
  Task<void> refresh(Held grant);
  Task<void> show_stale_token(Held grant);
  Task<void> call_api(Held grant, int times = 1);
  Task<void> revoke(Held grant);

  Task<void> use_a_device();
  Task<void> approve_device(std::string user_code, Story story);
  Task<void> authenticate_by_assertion();
  Task<void> guess_a_password();
  Task<void> register_somebody();
  Task<void> sign_out();
  Task<void> is_shut_out();

  Task<Answer> browse(http::Request request);
  // The same request several times at once; all answers, or those until the first success.
  Task<std::vector<Answer>> race(http::Request request, Servings servings, std::size_t how_many,
                                 bool impatient);
  Task<Answer> send_later(Duration pause, http::Request request, Servings servings);
  Task<int> pause(Duration least, Duration most);
  // The session that they have now; what is bound to it ends with it.
  std::string session_key() const;
  static Form as_client(const std::string& client, Form form);
  static Servings shown(GrantStory& grant, const std::string& refresh_token);

  Cluster& cluster_;
  Schedule& schedule_;
  Oracle& oracle_;
  Person person_;
  std::vector<Held> held_;
  int made_ = 0;
  int sessions_ = 0;
};

}  // namespace claviger::simulator
