// Who is refused with whom: an answer frees whoever got it to ask again, and that is a new
// question.
#include <gtest/gtest.h>

#include "store/sqlite/writer.hpp"
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using namespace store::sqlite;
using store::sql::Answers;

// Runs what was posted when it is told to, on this thread.
class HeldWorker final : public Worker {
 public:
  bool post(std::move_only_function<void()> job) override {
    if (full) return false;
    jobs.push_back(std::move(job));
    return true;
  }
  void run() {
    for (auto& job : std::exchange(jobs, {})) job();
  }

  bool full = false;
  std::vector<std::move_only_function<void()>> jobs;
};

class SqliteWriter : public testing::Test {
 protected:
  SqliteWriter() {
    database_.open(log_).reset();
    options_.connection.path = database_.options.path();
    options_.connection.busy_timeout_ms = 10;
    writer.emplace(options_, Connection(options_.connection), worker,
                   std::make_shared<std::mutex>(), damage_, log_);
  }
  // `then` runs as soon as it is answered.
  void write(std::string name, std::function<void()> then = [] {}) {
    store::sql::Operation operation;
    operation.push_back({"UPDATE store SET storage_epoch = storage_epoch", {}});
    writer->take(std::move(operation), [this, name, then](const Writer::Answer& answer, Answers&) {
      told.push_back(name + (answer ? " is written" : " is refused"));
      then();
    });
  }
  Connection another() const { return Connection(options_.connection); }

 private:
  KeptLog log_;
  SqliteDatabase database_;
  Damage damage_{"", log_};
  WriterOptions options_;

 protected:
  HeldWorker worker;
  std::optional<Writer> writer;
  std::vector<std::string> told;
};

TEST_F(SqliteWriter, T_09_whoever_asks_again_is_not_refused_for_an_old_lock) {
  auto other = another();
  other.execute("BEGIN EXCLUSIVE");
  write("the first", [&] {
    other.execute("COMMIT");
    write("the second");
  });
  worker.run();
  EXPECT_EQ(told, (std::vector<std::string>{"the first is refused", "the second is written"}));
}

TEST_F(SqliteWriter, T_09_whoever_asks_again_after_a_full_worker_is_written) {
  worker.full = true;
  write("the first", [&] {
    worker.full = false;
    write("the second");
  });
  worker.run();
  EXPECT_EQ(told, (std::vector<std::string>{"the first is refused", "the second is written"}));
}

}  // namespace
}  // namespace claviger::test
