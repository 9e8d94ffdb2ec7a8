// T-10: what happens to a database while no server runs. The next start refuses it, or the server
// finds the damage by itself and only reads from then on; and where nobody can find it, no code is
// redeemed twice all the same (I1).
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include "tests/chaos/chaos_test.hpp"

namespace claviger::test {
namespace {

constexpr int kRefused = 78;  // EX_CONFIG
namespace fs = std::filesystem;

// What a start on such files comes to.
enum class Outcome { refused, read_only, unnoticed };

class T10Damage : public Chaos {
 protected:
  // Some codes that were redeemed and some families that were ended; the server is gone then. The
  // last of it stands in the log alone.
  void live_a_little(bool killed) {
    server = std::make_unique<ServerProcess>(home);
    ASSERT_TRUE(server->wait_until_ready()) << home.log();
    ASSERT_TRUE(visitor.enrol()) << visitor.trouble;
    for (int i = 0; i < kCodes; ++i) {
      if (i == kCodes / 2) keep_older_copy();
      IssuedCode issued;
      visitor.authorize(issued);
      const auto redeemed = visitor.redeem(issued);
      ASSERT_EQ(status_of(redeemed), 200u);
      codes.push_back(issued);
    }
    visitor.reconnect();
    server->send(killed ? SIGKILL : SIGTERM);
    server->wait();
    server.reset();
    keep(home.data(), original);
  }
  // As somebody would who knows no better: the file alone, or with its log.
  void keep_older_copy() {
    fs::create_directory(older);
    fs::copy_file(home.database(), older + "/claviger.db");
    fs::copy_file(home.database() + "-wal", older + "/claviger.db-wal");
  }
  static void keep(const std::string& from, const std::string& to) {
    fs::remove_all(to);
    fs::create_directory(to);
    fs::permissions(to, fs::perms::owner_all);
    for (const auto& entry : fs::directory_iterator(from)) {
      if (entry.is_regular_file()) fs::copy_file(entry, to / entry.path().filename());
    }
  }
  void restore_original() { keep(original, home.data()); }

  Outcome try_to_start() {
    fs::resize_file(home.log_path(), 0);
    ServerProcess again(home);
    const bool ready = again.wait_until_ready();
    const auto outcome = ready ? look_at(again) : refusal_of(again);
    visitor.reconnect();
    again.kill();
    ++outcomes[static_cast<std::size_t>(outcome)];
    return outcome;
  }
  // A sentence that says what to do, and an exit that no supervisor tries again.
  Outcome refusal_of(ServerProcess& again) {
    EXPECT_EQ(again.wait(), (Ending{.code = kRefused})) << home.log();
    const auto log = home.log();
    EXPECT_TRUE(log.find("claviger restore") != std::string::npos ||
                log.find("master") != std::string::npos ||
                log.find("another program") != std::string::npos)
        << log;
    return Outcome::refused;
  }
  Outcome look_at(ServerProcess& again) {
    for (const auto& issued : codes) {
      const auto answer = visitor.redeem(issued);
      EXPECT_NE(status_of(answer), 200u) << "redeemed twice (I1)";
    }
    // The check in the background says in the log when it is through.
    const auto give_up = std::chrono::steady_clock::now() + kGenerous;
    for (;;) {
      const auto log = home.log();
      if (log.find("store.damaged") != std::string::npos) break;
      if (log.find("store.checked") != std::string::npos) return Outcome::unnoticed;
      EXPECT_FALSE(again.ended(Milliseconds(10))) << log;
      if (std::chrono::steady_clock::now() > give_up) {
        ADD_FAILURE() << "nobody looked at the database\n" << log;
        return Outcome::unnoticed;
      }
    }
    EXPECT_NE(home.log().find("claviger restore"), std::string::npos);
    EXPECT_EQ(status_of(visitor.get("/readyz")), 503u);
    EXPECT_EQ(status_of(visitor.get("/jwks")), 200u);
    return Outcome::read_only;
  }

  std::string original = home.folder() + "/original";
  std::string older = home.folder() + "/older";
  static constexpr int kCodes = 12;
  const std::uint64_t seed = chaos_seed();
  std::mt19937_64 random{seed};
  std::unique_ptr<ServerProcess> server;
  Visitor visitor{home.port, "victim"};
  std::vector<IssuedCode> codes;
  std::size_t outcomes[3] = {};
};

TEST_F(T10Damage, one_byte_of_the_database) {
  ASSERT_NO_FATAL_FAILURE(live_a_little(false));
  const auto size = fs::file_size(home.database());
  const auto trials = short_or_long(4, 120);
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    restore_original();
    std::fstream file(home.database(), std::ios::in | std::ios::out | std::ios::binary);
    // Every other one in the head, which says what all the rest means; never where nothing is.
    std::streamoff at = 0;
    do {
      at = static_cast<std::streamoff>(random() % (trial % 2 == 0 ? 100 : size));
      file.seekg(at);
    } while (file.peek() == 0);
    const char byte = static_cast<char>(file.get() ^ static_cast<int>(1 + random() % 255));
    file.seekp(at);
    file.put(byte);
    file.close();
    SCOPED_TRACE(fmt::format("seed {} trial {}: byte {} is now {}", seed, trial, at,
                             static_cast<int>(byte)));
    try_to_start();
  }
  report(
      fmt::format("T-10 byte seed={} trials={} refused={} read_only={} unnoticed={} "
                  "operations={} violations={}",
                  seed, trials, outcomes[0], outcomes[1], outcomes[2], trials * codes.size(),
                  violations_so_far()));
  learn(visitor);
}

TEST_F(T10Damage, cut_off) {
  ASSERT_NO_FATAL_FAILURE(live_a_little(false));
  const auto size = fs::file_size(home.database());
  const auto trials = short_or_long(2, 40);
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    restore_original();
    const auto left = trial == 0 ? 0 : random() % size;
    SCOPED_TRACE(fmt::format("seed {} trial {}: {} of {} bytes left", seed, trial, left, size));
    fs::resize_file(home.database(), left);
    EXPECT_NE(try_to_start(), Outcome::unnoticed);
  }
  report(
      fmt::format("T-10 cut seed={} trials={} refused={} read_only={} unnoticed={} violations={}",
                  seed, trials, outcomes[0], outcomes[1], outcomes[2], violations_so_far()));
  learn(visitor);
}

// All of these are files that nothing is wrong with: only not the ones that were left.
TEST_F(T10Damage, an_older_file_or_none_of_the_log) {
  ASSERT_NO_FATAL_FAILURE(live_a_little(true));
  restore_original();
  fs::remove(home.database() + "-wal");
  EXPECT_EQ(try_to_start(), Outcome::refused);

  restore_original();
  fs::resize_file(home.database() + "-wal", 0);
  EXPECT_EQ(try_to_start(), Outcome::refused);

  restore_original();
  ServerHome other;
  {
    ServerProcess elsewhere(other);
    ASSERT_TRUE(elsewhere.wait_until_ready()) << other.log();
    elsewhere.kill();
  }
  // Its file under the log that is there: two databases in one.
  fs::copy_file(other.database(), home.database(), fs::copy_options::overwrite_existing);
  EXPECT_EQ(try_to_start(), Outcome::refused);

  restore_original();
  EXPECT_EQ(try_to_start(), Outcome::unnoticed) << "nothing was done to it";
  report(fmt::format("T-10 swap trials=4 refused={} read_only={} unnoticed={} violations={}",
                     outcomes[0], outcomes[1], outcomes[2], violations_so_far()));
  learn(visitor);
}

// After a clean stop the whole of an older state would open; and after somebody has said that it is
// meant, it does, as another incarnation in which nothing from before is redeemed.
TEST_F(T10Damage, an_older_copy_of_a_database_that_was_closed) {
  ASSERT_NO_FATAL_FAILURE(live_a_little(false));
  {
    ServerProcess once_more(home);
    ASSERT_TRUE(once_more.wait_until_ready()) << home.log();
    once_more.send(SIGTERM);
    once_more.wait();
  }
  fs::copy_file(older + "/claviger.db", home.database(), fs::copy_options::overwrite_existing);
  fs::copy_file(older + "/claviger.db-wal", home.database() + "-wal");
  EXPECT_EQ(try_to_start(), Outcome::refused);
  report(fmt::format("T-10 older trials=1 refused={} violations={}", outcomes[0],
                     violations_so_far()));
  learn(visitor);
}

}  // namespace
}  // namespace claviger::test
