// A full disk, a file that may not grow, a database that somebody else holds: issuing says 503 and
// when to come back, everything else goes on, and all is well again by itself (T-07, T-09, I5).
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>

#include "tests/chaos/chaos_test.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;

class StorageFaults : public Chaos {
 protected:
  static constexpr int kTries = 2000;
  void SetUp() override { start(); }
  void TearDown() override {
    learn(visitor);
    Chaos::TearDown();
  }
  void start() {
    server = std::make_unique<ServerProcess>(home);
    ASSERT_TRUE(server->wait_until_ready()) << home.log();
    ASSERT_TRUE(visitor.enrol()) << visitor.trouble;
    tokens = fresh_tokens();
    ASSERT_EQ(tokens.status, 200u) << tokens.body;
  }
  Answer fresh_tokens() {
    ++operations;
    IssuedCode issued;
    const auto authorized = visitor.authorize(issued);
    if (issued.code.empty()) return authorized.value_or(Answer{});
    return visitor.redeem(issued).value_or(Answer{});
  }
  static void expect_unavailable(const Answer& answer) {
    EXPECT_EQ(answer.status, 503u) << answer.body;
    EXPECT_FALSE(answer.header("retry-after").empty());
    if (answer.header("content-type").starts_with("application/json")) {
      EXPECT_EQ(answer.member("error"), "temporarily_unavailable");
    }
  }
  // What needs no write works as if nothing were.
  void expect_reading_works() {
    for (const char* target : {"/jwks", "/.well-known/openid-configuration",
                               "/.well-known/oauth-authorization-server", "/livez"}) {
      EXPECT_EQ(status_of(visitor.get(target)), 200u) << target;
    }
    EXPECT_EQ(status_of(visitor.api(tokens.member("access_token"))), 200u);
    operations += 5;
  }
  void expect_issuing_refused() {
    // What fits into a gap that was left, or into a log that begins anew, may still succeed; soon
    // nothing does.
    Answer answer;
    for (int tries = 0; tries < kTries && answer.status != 503; ++tries) answer = fresh_tokens();
    expect_unavailable(answer);
    for (int tries = 0; tries < kTries; ++tries) {
      answer = visitor.refresh(tokens.member("refresh_token")).value_or(Answer{});
      if (answer.status != 200) break;
      tokens = answer;
    }
    expect_unavailable(answer);
    answer = {};
    for (int tries = 0; tries < kTries && answer.status != 503; ++tries) {
      IssuedCode issued;
      answer = visitor.authorize(issued).value_or(Answer{});
    }
    expect_unavailable(answer);
  }
  void expect_recovery() {
    const auto begun = std::chrono::steady_clock::now();
    const auto give_up = begun + kGenerous;
    Answer answer;
    while (answer.status != 200 && std::chrono::steady_clock::now() < give_up) {
      answer = fresh_tokens();
      EXPECT_TRUE(answer.status == 200 || answer.status == 503) << answer.status;
    }
    EXPECT_EQ(answer.status, 200u);
    const auto took = std::chrono::steady_clock::now() - begun;
    recovery = std::max(recovery, std::chrono::duration_cast<Milliseconds>(took));
    // The one that was refused was not used up, nor its family ended (I2).
    const auto next = visitor.refresh(tokens.member("refresh_token"));
    EXPECT_EQ(status_of(next), 200u);
    if (status_of(next) == 200) tokens = *next;
    EXPECT_FALSE(server->ended(Milliseconds(0)));
    EXPECT_EQ(home.log().find("http.failed"), std::string::npos);
  }
  void restart() {
    server->kill();
    server = std::make_unique<ServerProcess>(home);
    ASSERT_TRUE(server->wait_until_ready()) << home.log();
    visitor.reconnect();
  }
  // And what was acknowledged before, during and after is there when the server is not (I2).
  void expect_it_lasts() {
    const auto last = fresh_tokens();
    restart();
    EXPECT_EQ(status_of(visitor.api(last.member("access_token"))), 200u);
    EXPECT_EQ(status_of(visitor.refresh(last.member("refresh_token"))), 200u);
  }

  void report_as(const std::string& begin) {
    report(fmt::format("{} operations={} violations={} recovery_ms_max={}", begin, operations,
                       violations_so_far(), recovery.count()));
  }

  std::unique_ptr<ServerProcess> server;
  Visitor visitor{home.port, "patient"};
  Answer tokens;
  std::size_t operations = 0;
  Milliseconds recovery{};  // the longest, from when the cause was gone
};

// T-07. As with a quota: needs no privilege, so it runs everywhere.
class T07FileLimit : public StorageFaults {};

TEST_F(T07FileLimit, files_may_not_grow) {
  const auto log_size = std::filesystem::file_size(home.database() + "-wal");
  rlimit before{};
  ASSERT_EQ(::prlimit(server->pid(), RLIMIT_FSIZE, nullptr, &before), 0);
  const rlimit tight{log_size, before.rlim_max};
  ASSERT_EQ(::prlimit(server->pid(), RLIMIT_FSIZE, &tight, nullptr), 0);
  expect_issuing_refused();
  expect_reading_works();
  ASSERT_EQ(::prlimit(server->pid(), RLIMIT_FSIZE, &before, nullptr), 0);
  expect_recovery();
  expect_it_lasts();
  report_as("T-07 limit");
}

// A file system of its own; only root can make one.
class T07DiskFull : public StorageFaults {
 protected:
  static constexpr const char* kSize = "size=32m,mode=0700";
  void SetUp() override {
    mounted = ::mkdir(disk().c_str(), 0700) == 0 &&
              ::mount("tmpfs", disk().c_str(), "tmpfs", 0, kSize) == 0;
    if (!mounted) return;
    home.keep_data_in(disk());
    start();
  }
  void TearDown() override {
    if (!mounted) return;
    StorageFaults::TearDown();
    server.reset();
    ::umount2(disk().c_str(), MNT_DETACH);
  }
  std::string disk() const { return home.folder() + "/disk"; }
  std::string filler() const { return disk() + "/filler"; }
  void fill() {
    const int file = ::open(filler().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ASSERT_GE(file, 0);
    const std::string block(4096, 'x');
    while (::write(file, block.data(), block.size()) > 0) {
    }
    ::close(file);
  }
  bool mounted = false;
};

TEST_F(T07DiskFull, full_and_free_again) {
  if (!mounted) {
    report("T-07 on a file system of its own needs root; T07FileLimit stands in");
    return;
  }
  const auto times = short_or_long(2, 60);
  for (std::uint64_t time = 0; time < times; ++time) {
    ASSERT_NO_FATAL_FAILURE(fill());
    expect_issuing_refused();
    expect_reading_works();
    ASSERT_EQ(::unlink(filler().c_str()), 0);
    expect_recovery();
    tokens = fresh_tokens();
  }
  expect_it_lasts();
  report_as(fmt::format("T-07 times={}", times));
}

// A server that was killed while the disk was full starts again once there is space.
TEST_F(T07DiskFull, killed_while_full) {
  if (!mounted) return;
  ASSERT_NO_FATAL_FAILURE(fill());
  expect_issuing_refused();
  server->kill();
  ASSERT_EQ(::unlink(filler().c_str()), 0);
  restart();
  EXPECT_EQ(status_of(visitor.api(tokens.member("access_token"))), 200u);
  EXPECT_EQ(status_of(visitor.refresh(tokens.member("refresh_token"))), 200u);
}

// Somebody at the database with a tool of their own.
class ForeignLock {
 public:
  explicit ForeignLock(const std::string& path) {
    EXPECT_EQ(sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_busy_timeout(db_, 10'000);
    EXPECT_EQ(sqlite3_exec(db_, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr), SQLITE_OK);
  }
  ~ForeignLock() {
    sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_close(db_);
  }
  ForeignLock(const ForeignLock&) = delete;
  ForeignLock& operator=(const ForeignLock&) = delete;

 private:
  sqlite3* db_ = nullptr;
};

// T-09: several people go on asking while the lock is held and until it is gone.
class T09ForeignLock : public StorageFaults {
 protected:
  static constexpr std::size_t kPeople = 4;
  void SetUp() override {
    StorageFaults::SetUp();
    for (std::size_t i = 0; i < kPeople; ++i) {
      people.push_back(std::make_unique<Visitor>(home.port, "waits" + std::to_string(i)));
      ASSERT_TRUE(people.back()->enrol()) << people.back()->trouble;
    }
  }
  void TearDown() override {
    for (auto& person : people) learn(*person);
    StorageFaults::TearDown();
  }
  // Until one answer that was asked for without the lock has come.
  void ask_on(Visitor& person, const std::atomic<bool>& held) {
    for (bool last = false; !last;) {
      last = !held;
      IssuedCode issued;
      const auto begun = std::chrono::steady_clock::now();
      const auto answer = person.authorize(issued);
      note(status_of(answer), std::chrono::steady_clock::now() - begun);
      if (last) EXPECT_EQ(status_of(answer), 303u);
    }
  }
  void note(unsigned status, std::chrono::steady_clock::duration took) {
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(status == 303 || status == 503) << status;
    ++(status == 303 ? answered : refused);
    longest = std::max(longest, std::chrono::duration_cast<Milliseconds>(took));
  }
  void hold(std::chrono::seconds time) {
    std::atomic<bool> held = true;
    std::vector<std::jthread> threads;
    {
      const ForeignLock lock(home.database());
      for (auto& person : people) {
        threads.emplace_back([this, &held, one = person.get()] { ask_on(*one, held); });
      }
      const auto until = std::chrono::steady_clock::now() + time;
      while (std::chrono::steady_clock::now() < until) {
        expect_reading_works();
        std::this_thread::sleep_for(Milliseconds(20));
      }
    }
    held = false;
  }

  std::vector<std::unique_ptr<Visitor>> people;
  std::mutex mutex;
  std::size_t answered = 0;
  std::size_t refused = 0;
  Milliseconds longest{};
};

TEST_F(T09ForeignLock, a_while_in_another_process) {
  for (const std::chrono::seconds time : {1s, 5s, 30s}) {
    if (time > 1s && !is_long_form()) break;
    hold(time);
    // Nobody waits for half a minute: they are told that it can't be done now.
    if (time > 10s) EXPECT_GT(refused, 0u);
    expect_recovery();
  }
  expect_it_lasts();
  report_as(fmt::format("T-09 held_s={} people={} answered={} refused={} longest_ms={}",
                        is_long_form() ? "1,5,30" : "1", kPeople, answered, refused,
                        longest.count()));
}

}  // namespace
}  // namespace claviger::test
