// T-03: one scripted life of a grant, with the server killed at the first, the second, the third
// ... step that touches a file, until the script runs through. What was acknowledged by then holds
// (I1, I2). Unlike random moments this leaves no step out.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>

#include "tests/chaos/chaos_test.hpp"
#include "tests/chaos/journal.hpp"

namespace claviger::test {
namespace {

class Countdown {
 public:
  explicit Countdown(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ::ftruncate(file, kSize) != 0) throw std::runtime_error(path);
    memory_ = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (memory_ == MAP_FAILED) throw std::runtime_error(path);
  }
  ~Countdown() { ::munmap(memory_, kSize); }
  Countdown(const Countdown&) = delete;
  Countdown& operator=(const Countdown&) = delete;
  void set(std::int64_t steps) { value().store(steps); }
  std::int64_t left() { return value().load(); }

 private:
  static constexpr std::size_t kSize = sizeof(std::int64_t);
  std::atomic<std::int64_t>& value() { return *static_cast<std::atomic<std::int64_t>*>(memory_); }
  void* memory_ = nullptr;
};

constexpr std::int64_t kMostSteps = 2000;

TEST_F(Chaos, T_03_killed_at_every_step_of_a_grants_life) {
  const auto file = home.folder() + "/countdown";
  Countdown countdown(file);
  home.environment["CRASH_AT_FILE"] = file;
  home.environment["LD_PRELOAD"] = CLAVIGER_CRASH_AT;
  auto server = std::make_unique<ServerProcess>(home);
  ASSERT_TRUE(server->wait_until_ready()) << home.log();
  JournalledClient client(home.port, "sweeper", 1);
  ASSERT_TRUE(client.enrol()) << client.visitor().trouble;

  std::int64_t step = 1;
  for (bool through = false; !through; ++step) {
    ASSERT_LT(step, kMostSteps);
    countdown.set(step);
    client.script();
    through = countdown.left() > 0;
    countdown.set(0);
    ASSERT_EQ(server->ended(Milliseconds(through ? 0 : kGenerous.count())), !through);
    if (!through) {
      server = std::make_unique<ServerProcess>(home);
      ASSERT_TRUE(server->wait_until_ready()) << "step " << step << "\n" << home.log();
    }
    client.check();
    ASSERT_TRUE(client.tally().violations.empty())
        << "step " << step << ": " << client.tally().violations.front();
  }
  EXPECT_GT(step, 20) << "the countdown was not in the server's way";
  std::printf("T-03 steps=%lld acknowledged=%zu violations=0\n", static_cast<long long>(step - 2),
              client.tally().acknowledged);
  learn(client.visitor());
}

}  // namespace
}  // namespace claviger::test
