// HT-22. A thread that can't keep up, and classes that are full: who is turned away, who isn't, and
// that every answer is still the answer to its own request. Nothing here is measured.
#include <set>

#include "tests/unit/http/running_server.hpp"

namespace claviger::test {
namespace {

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

// One thread that counts as behind at once; what is late is late after a moment.
http::ServerOptions impatient() {
  auto options = local_options();
  options.threads = 1;
  options.longest_wait = std::chrono::milliseconds(30);
  options.behind_before_shedding = std::chrono::milliseconds(0);
  options.pause_before_busy = std::chrono::milliseconds(1);
  return options;
}

// Longer than longest_wait and than the sweep takes to notice, shorter than a person's patience.
constexpr std::chrono::milliseconds kNoticed{220};

class ServerOverload : public ::testing::Test {
 protected:
  // With requests of `waiting` in their sockets, whose thread was kept by another.
  void make_late(RunningServer& server, std::vector<std::unique_ptr<RawClient>>& waiting,
                 const auto& target, std::chrono::milliseconds lying = kNoticed,
                 bool whole = false) {
    for (auto& client : waiting) {
      client = std::make_unique<RawClient>(server.port());
      ASSERT_EQ(client->ask(get("/hello")).status, 200u);
    }
    RawClient keeper(server.port());
    keeper.send(get("/stuck"));
    server.wait_until_stuck();
    for (std::size_t i = 0; i < waiting.size(); ++i)
      waiting[i]->send(whole ? std::string(target(i)) : get(target(i)));
    std::this_thread::sleep_for(lying);
    server.go_on();
    ASSERT_EQ(keeper.answer().status, 200u) << "what is in a handler is never turned away";
  }
};

TEST_F(ServerOverload, what_waited_for_too_long_is_told_without_work) {
  RunningServer server(impatient());
  std::vector<std::unique_ptr<RawClient>> waiting(20);
  make_late(server, waiting, [](std::size_t i) { return "/hello?" + std::to_string(i); });
  const auto handled_before = waiting.size() + 1;
  std::set<std::string> heads;
  for (auto& client : waiting) {
    const auto answer = client->answer();
    ASSERT_EQ(answer.status, 503u);
    EXPECT_TRUE(answer.has("Retry-After: 1"));
    EXPECT_TRUE(answer.has("Cache-Control: no-store"));
    EXPECT_FALSE(answer.has("Connection: close"));
    EXPECT_TRUE(heads.insert(answer.head).second) << "each has an X-Request-Id of its own";
  }
  EXPECT_EQ(server.handled(), handled_before);
  EXPECT_EQ(server.metrics().requests_shed.value(), waiting.size());
  EXPECT_EQ(waiting[0]->ask(get("/hello?again")).status, 200u) << "the connection goes on";
}

TEST_F(ServerOverload, probes_are_answered_and_people_wait_longer) {
  RunningServer server(impatient());
  std::vector<std::unique_ptr<RawClient>> waiting(2);
  make_late(server, waiting, [](std::size_t i) { return i == 0 ? "/livez" : "/page"; });
  for (auto& client : waiting) EXPECT_EQ(client->answer().status, 200u);
}

TEST_F(ServerOverload, a_moment_of_it_is_no_overload) {
  auto options = impatient();
  options.behind_before_shedding = std::chrono::minutes(1);
  RunningServer server(options);
  std::vector<std::unique_ptr<RawClient>> waiting(3);
  make_late(server, waiting, [](std::size_t) { return "/hello"; });
  for (auto& client : waiting) EXPECT_EQ(client->answer().status, 200u);
}

// The second wave comes once the first was worked off: it is no moment any more.
TEST_F(ServerOverload, whoever_was_behind_lately_is_given_no_grace_again) {
  auto options = impatient();
  options.behind_before_shedding = std::chrono::milliseconds(300);
  RunningServer server(options);
  std::vector<std::unique_ptr<RawClient>> waiting(3);
  make_late(server, waiting, [](std::size_t) { return "/hello"; }, std::chrono::milliseconds(600));
  for (auto& client : waiting) EXPECT_EQ(client->answer().status, 503u);
  std::this_thread::sleep_for(kNoticed);  // the thread is on time again
  make_late(server, waiting, [](std::size_t) { return "/hello"; });
  for (auto& client : waiting) EXPECT_EQ(client->answer().status, 503u);
}

TEST_F(ServerOverload, zero_turns_nobody_away) {
  auto options = impatient();
  options.longest_wait = std::chrono::milliseconds(0);
  RunningServer server(options);
  std::vector<std::unique_ptr<RawClient>> waiting(3);
  make_late(server, waiting, [](std::size_t) { return "/hello"; });
  for (auto& client : waiting) EXPECT_EQ(client->answer().status, 200u);
}

// What follows a request that is turned away is its body, and not the next request.
TEST_F(ServerOverload, a_body_goes_with_its_request) {
  RunningServer server(impatient());
  std::vector<std::unique_ptr<RawClient>> waiting(1);
  const auto body = get("/hello?smuggled");
  make_late(
      server, waiting,
      [&](std::size_t) {
        return "POST /any HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body;
      },
      kNoticed, true);
  EXPECT_EQ(waiting[0]->answer().status, 503u);
  EXPECT_EQ(waiting[0]->ask(get("/hello?next")).body.find("smuggled"), std::string::npos);
}

// T-21, SE-17: with more at once than can be served, each answer is that of its own request, or a
// 503 that says when to come again.
TEST_F(ServerOverload, SE_17_every_answer_is_that_of_its_own_request) {
  constexpr int kClients = 32;
  constexpr int kRequests = 60;
  auto options = impatient();
  options.threads = 2;
  options.longest_wait = std::chrono::milliseconds(1);
  RunningServer server(options);
  std::atomic<int> wrong = 0;
  std::mutex mutex;
  std::set<std::string> ids;
  {
    std::vector<std::jthread> threads;
    for (int client = 0; client < kClients; ++client) {
      threads.emplace_back([&, client] {
        RawClient connection(server.port());
        const auto name = [client](int i) {
          return std::to_string(client) + "-" + std::to_string(i);
        };
        // Sent ahead, so that they wait in the sockets.
        std::string all;
        for (int i = 0; i < kRequests; ++i) all += get("/hello?mine=" + name(i));
        connection.send(all);
        for (int i = 0; i < kRequests; ++i) {
          const auto answer = connection.answer();
          const auto own = "\"query\":\"mine=" + name(i) + "\"";
          const bool right = answer.status == 200
                                 ? answer.body.find(own) != std::string::npos
                                 : answer.status == 503 && answer.has("Retry-After");
          if (!right) ++wrong;
          const auto at = answer.head.find("X-Request-Id: ");
          const std::lock_guard lock(mutex);
          if (at == std::string::npos || !ids.insert(answer.head.substr(at, 40)).second) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

http::HandlerPlaces::Limits one_sign_in() {
  auto limits = http::kHandlerLimits;
  for (auto& limit : limits) limit.most = limit.rate_class == http::RateClass::login ? 1 : 8;
  return limits;
}

TEST_F(ServerOverload, one_class_takes_no_place_of_another) {
  RunningServer server(local_options(), one_sign_in());
  RawClient first(server.port());
  first.send(get("/sign-in"));
  server.worker.wait_for_jobs(1);
  RawClient second(server.port());
  const auto refused = second.ask(get("/sign-in"));
  EXPECT_EQ(refused.status, 503u);
  EXPECT_TRUE(refused.has("Retry-After: 1"));
  EXPECT_EQ(server.refusals().latest(1).at(0).error.reason->id, "http.class_full");
  EXPECT_EQ(server.metrics().requests_crowded_out.value(), 1u);
  EXPECT_EQ(second.ask(get("/hello")).status, 200u);
  server.worker.release();
  EXPECT_EQ(first.answer().status, 200u);
  second.send(get("/sign-in"));
  server.worker.wait_for_jobs(1);
  server.worker.release();
  EXPECT_EQ(second.answer().status, 200u) << "the place is free again";
}

TEST(HandlerPlaces, leave_room_in_the_queue_of_writes) {
  constexpr std::size_t kWritesThatMayWait = 10'000;
  std::size_t all = 0;
  for (const auto& limit : http::kHandlerLimits) all += limit.most;
  EXPECT_LT(all, kWritesThatMayWait);
}

}  // namespace
}  // namespace claviger::test
