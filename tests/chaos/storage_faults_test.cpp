// A full disk, a file that may not grow, a database that somebody else holds: issuing says 503 and
// when to come back, everything else goes on, and all is well again by itself (T-07, T-09, I5).
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "tests/chaos/chaos_test.hpp"

namespace claviger::test {
namespace {

class StorageFaults : public Chaos {
 protected:
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
  }
  void expect_issuing_refused() {
    // What fits into a gap that was left may still succeed; soon nothing does.
    Answer answer;
    for (int tries = 0; tries < 2000 && answer.status != 503; ++tries) answer = fresh_tokens();
    expect_unavailable(answer);
    expect_unavailable(visitor.refresh(tokens.member("refresh_token")).value_or(Answer{}));
    IssuedCode issued;
    expect_unavailable(visitor.authorize(issued).value_or(Answer{}));
  }
  void expect_recovery() {
    const auto give_up = std::chrono::steady_clock::now() + kGenerous;
    Answer answer;
    while (answer.status != 200 && std::chrono::steady_clock::now() < give_up) {
      answer = fresh_tokens();
      EXPECT_TRUE(answer.status == 200 || answer.status == 503) << answer.status;
    }
    EXPECT_EQ(answer.status, 200u);
    // The one that was refused was not used up, nor its family ended (I2).
    EXPECT_EQ(status_of(visitor.refresh(tokens.member("refresh_token"))), 200u);
    EXPECT_FALSE(server->ended(Milliseconds(0)));
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

  std::unique_ptr<ServerProcess> server;
  Visitor visitor{home.port, "patient"};
  Answer tokens;
};

// As with a quota: needs no privilege, so it runs everywhere.
TEST_F(StorageFaults, T_07_files_may_not_grow) {
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
}

// A file system of its own; only root can make one.
class FullDisk : public StorageFaults {
 protected:
  static constexpr const char* kSize = "size=12m,mode=0700";
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

TEST_F(FullDisk, T_07_full_and_free_again) {
  if (!mounted) {
    std::printf("T-07 on a file system of its own needs root; T_07_files_may_not_grow stands in\n");
    return;
  }
  for (int time = 0; time < 3; ++time) {
    ASSERT_NO_FATAL_FAILURE(fill());
    expect_issuing_refused();
    expect_reading_works();
    ASSERT_EQ(::unlink(filler().c_str()), 0);
    expect_recovery();
    tokens = fresh_tokens();
  }
  expect_it_lasts();
}

// A server that was killed while the disk was full starts again once there is space.
TEST_F(FullDisk, T_07_killed_while_full) {
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

TEST_F(StorageFaults, T_09_database_locked_by_another_process) {
  {
    const ForeignLock lock(home.database());
    expect_reading_works();
    expect_issuing_refused();
    expect_reading_works();
  }
  expect_recovery();
  expect_it_lasts();
}

}  // namespace
}  // namespace claviger::test
