// I5 and I2 under storage faults: whatever fails, callers are told Unavailable, nothing answered is
// lost, and service comes back without a restart (T-05, T-07, T-09).
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "store/sqlite/open.hpp"
#include "tests/support/fault_report.hpp"
#include "tests/support/store_fixture.hpp"
#include "tests/support/sync_vfs.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;
using store::Codes;
using store::Unavailable;

class SqliteFaults : public testing::Test {
 protected:
  SqliteFaults() {
    database_.options.vfs = vfs.name();
    database_.options.busy_timeout = 50ms;
    database_.options.reopen_after = 0ms;
  }
  void open() { store_ = std::make_unique<store::Store>(database_.open(log), random); }
  void close() { store_.reset(); }
  bool is_open() const { return store_ != nullptr; }
  store::Store& store() { return *store_; }
  store::SqliteOptions& options() { return database_.options; }

  Code issue() {
    const Code code = a_code(random);
    run_task(store().codes.issue(an_answer(code)));
    return code;
  }
  bool has(const Code& code) { return run_task(store().codes.find(code.selector)).has_value(); }
  std::int64_t count(std::string_view query) {
    return run_task(store().driver().read({query, {}})).at(0).integer(0);
  }

  SyncVfs vfs;  // outlives the store
  KeptLog log;
  ScriptedRandom random;

 private:
  SqliteDatabase database_;
  std::unique_ptr<store::Store> store_;
};

// ---- the n-th call fails, for every n

// The flow of one code. Every step may fail, is asked again, and then must have worked.
class FailNth : public SqliteFaults {
 protected:
  // The n-th such call of the flow, or of what makes the database before it.
  void fail(Call call, Fault fault, std::size_t n, bool while_it_is_made) {
    options().file = fmt::format("try{}-{}.db", n, while_it_is_made);
    if (!while_it_is_made) open();
    vfs.fail_nth(call, n, fault);
    flow();
    close();
  }
  void flow() {
    step([&] {
      if (!is_open()) open();
    });
    step([&] { run_task(store().clients.add(a_client())); });
    const Code code = a_code(random);
    step([&] { issue_again(code); });
    const auto plan = a_redeem_plan(random, code);
    step([&] { run_task(store().codes.redeem(plan)); });
    step([&] { run_task(store().grants.rotate(a_rotate_plan(*plan.family))); });
    step([&] { run_task(store().grants.revoke(plan.grant.id, "operator", kNow)); });
    fired_ = !vfs.fault_is_pending();
    vfs.fail_no_more();
    expect_all_of_it(code, plan);
    close();
    open();
    expect_all_of_it(code, plan);
  }
  bool fired_ = false;

 private:
  // An answer that never came may have been a success all the same.
  void issue_again(const Code& code) {
    if (!run_task(store().codes.find(code.selector))) {
      run_task(store().codes.issue(an_answer(code)));
    }
  }
  void step(const std::function<void()>& work) {
    for (int tries = 0; tries < 4; ++tries) {
      try {
        return work();
      } catch (const std::logic_error& error) {
        FAIL() << "not the world's fault: " << error.what();
      } catch (const std::runtime_error&) {  // Unavailable, or open() with a sentence
      }
    }
    FAIL() << "did not recover";
  }
  void expect_all_of_it(const Code& code, const store::RedeemPlan& plan) {
    EXPECT_TRUE(run_task(store().clients.find("shop")));
    EXPECT_EQ(run_task(store().codes.find(code.selector))->grant, plan.grant.id);
    const auto kept = run_task(store().grants.find_family(plan.family->id));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->family.counter, 2);
    EXPECT_TRUE(kept->grant.revoked_at);
    EXPECT_EQ(count("SELECT count(*) FROM grants"), 1);
  }
};

struct FaultCase {
  const char* name;
  Call call;
  Fault fault;
};

class T05FailNth : public FailNth, public testing::WithParamInterface<FaultCase> {};

TEST_P(T05FailNth, recovers_and_loses_nothing) {
  // Most calls are those that make the tables, all alike: the short form tries some of them.
  std::size_t tried = 0;
  for (const bool while_it_is_made : {false, true}) {
    const std::size_t stride = while_it_is_made ? short_or_long(9, 1) : 1;
    fired_ = true;
    std::size_t n = 0;
    for (; fired_; n += stride, ++tried) {
      SCOPED_TRACE(testing::Message() << GetParam().name << " number " << n);
      fail(GetParam().call, GetParam().fault, n, while_it_is_made);
      if (HasFatalFailure()) return;
    }
    EXPECT_GT(n, 3u);
  }
  report(fmt::format("T-05 fault={} steps={} violations={}", GetParam().name, tried,
                     violations_so_far()));
}

INSTANTIATE_TEST_SUITE_P(, T05FailNth,
                         testing::Values(FaultCase{"read_error", Call::read, Fault::io_error},
                                         FaultCase{"write_error", Call::write, Fault::io_error},
                                         FaultCase{"disk_full", Call::write, Fault::disk_full},
                                         FaultCase{"short_write", Call::write, Fault::short_write},
                                         FaultCase{"sync_error", Call::sync, Fault::io_error}),
                         [](const auto& each) { return std::string(each.param.name); });

// ---- after a failed sync

TEST_F(SqliteFaults, T_05_after_a_failed_sync_only_reads) {
  options().reopen_after = 1h;
  open();
  const Code kept = issue();
  vfs.fail_nth(Call::sync, 0, Fault::io_error);
  EXPECT_THROW(issue(), Unavailable);
  EXPECT_FALSE(store().driver().writable());
  const auto syncs = vfs.log_syncs();
  EXPECT_THROW(issue(), Unavailable);
  EXPECT_EQ(vfs.log_syncs(), syncs);
  EXPECT_TRUE(has(kept));
}

TEST_F(SqliteFaults, T_05_reopens_by_itself) {
  open();
  const Code kept = issue();
  vfs.fail_nth(Call::sync, 0, Fault::io_error);
  EXPECT_THROW(issue(), Unavailable);
  EXPECT_TRUE(has(issue()));
  EXPECT_TRUE(store().driver().writable());
  EXPECT_TRUE(has(kept));
}

// The log's index must end before what could not be synced: were it counted as committed, the next
// answer would rest on frames that are not on disk.
TEST_F(SqliteFaults, T_05_what_was_not_synced_is_not_taken_over) {
  open();
  const Code lost = a_code(random);
  issue();
  vfs.fail_nth(Call::sync, 0, Fault::io_error);
  EXPECT_THROW(run_task(store().codes.issue(an_answer(lost))), Unavailable);
  issue();
  EXPECT_FALSE(has(lost));
}

// ---- full disk

TEST_F(SqliteFaults, T_07_full_disk_reads_go_on_and_writes_come_back) {
  open();
  const Code kept = issue();
  vfs.set_disk_full(true);
  for (int i = 0; i < 3; ++i) EXPECT_THROW(issue(), Unavailable);
  EXPECT_TRUE(has(kept));
  EXPECT_TRUE(store().driver().writable());
  vfs.set_disk_full(false);
  EXPECT_TRUE(has(issue()));
  EXPECT_TRUE(has(kept));
}

// ---- locked by somebody else

TEST_F(SqliteFaults, T_09_locked_database) {
  open();
  const Code kept = issue();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(options().path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_THROW(issue(), Unavailable);
  EXPECT_TRUE(has(kept));
  ASSERT_EQ(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_TRUE(has(issue()));
  sqlite3_close(other);
}

TEST(SqliteOptions, T_09_the_writer_waits_five_seconds) {
  EXPECT_EQ(store::SqliteOptions{}.busy_timeout, 5000ms);
}

// ---- the queue

class SqliteQueue : public SqliteFaults {
 protected:
  struct Counts {
    int answered = 0;
    int unavailable = 0;
    int broken = 0;
  };
  void start(Task<void> task) {
    boost::asio::co_spawn(*io, std::move(task), [this](std::exception_ptr error) {
      try {
        if (error) std::rethrow_exception(error);
        ++counts.answered;
      } catch (const Unavailable&) {
        ++counts.unavailable;
      } catch (const std::logic_error&) {
        ++counts.broken;
      }
    });
    io->poll();
    io->restart();
  }
  Task<void> commit(Code code) { co_await store().codes.issue(an_answer(code)); }
  Task<void> broken_statement() {
    store::sql::Operation operation;
    operation.push_back({"INSERT INTO store (one, storage_epoch) VALUES (2, 2)", {}});
    co_await store().driver().commit(std::move(operation));
  }
  // The writer is busy with a commit of its own from here on.
  Code busy() {
    vfs.hold_syncs();
    const Code first = a_code(random);
    start(commit(first));
    vfs.wait_for_held_sync();
    return first;
  }

  std::unique_ptr<boost::asio::io_context> io = std::make_unique<boost::asio::io_context>();
  Counts counts;
};

TEST_F(SqliteQueue, T_09_is_bounded) {
  options().queue = 2;
  open();
  issue();
  busy();
  for (int i = 0; i < 5; ++i) start(commit(a_code(random)));
  EXPECT_EQ(counts.unavailable, 3);
  vfs.let_syncs_go();
  io->run();
  EXPECT_EQ(counts.answered, 3);
  EXPECT_EQ(counts.unavailable, 3);
}

TEST_F(SqliteQueue, one_bad_write_harms_no_other) {
  open();
  issue();
  busy();
  const Code before = a_code(random);
  const Code behind = a_code(random);
  start(commit(before));
  start(broken_statement());
  start(commit(behind));
  vfs.let_syncs_go();
  io->run();
  EXPECT_EQ(counts.answered, 3);
  EXPECT_EQ(counts.broken, 1);
  EXPECT_TRUE(has(before));
  EXPECT_TRUE(has(behind));
}

// The outcome of a failed COMMIT is unknown: everybody is told so and nothing is run again.
TEST_F(SqliteQueue, T_05_failed_commit_is_not_run_again) {
  open();
  issue();
  busy();
  const Code first = a_code(random);
  const Code second = a_code(random);
  start(commit(first));
  start(commit(second));
  vfs.fail_nth(Call::sync, 1, Fault::io_error);  // 0 is the one that is held
  vfs.let_syncs_go();
  io->run();
  EXPECT_EQ(counts.answered, 1);
  EXPECT_EQ(counts.unavailable, 2);
  issue();
  EXPECT_FALSE(has(first));
  EXPECT_FALSE(has(second));
}

// T-09: those who waited as long for the lock are not made to wait as long again, one by one.
TEST_F(SqliteQueue, T_09_a_lock_refuses_everybody_who_waits) {
  open();
  issue();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(options().path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr), SQLITE_OK);
  for (int i = 0; i < 5; ++i) start(commit(a_code(random)));
  io->run();
  EXPECT_EQ(counts.unavailable, 5);
  sqlite3_close(other);
  EXPECT_TRUE(has(issue()));
}

// What was taken is committed even when nobody can be resumed any more; nothing leaks.
TEST_F(SqliteQueue, closing_commits_what_was_taken) {
  open();
  issue();
  const Code first = busy();
  const Code second = a_code(random);
  start(commit(second));
  std::thread release([&] { vfs.let_syncs_go(); });
  close();
  release.join();
  io.reset();
  EXPECT_EQ(counts.answered, 0);
  open();
  EXPECT_TRUE(has(first));
  EXPECT_TRUE(has(second));
}

// One thread runs everything: what a simulator needs.
TEST_F(SqliteQueue, works_without_a_thread_of_its_own) {
  InlineWorker worker;
  options().writer = &worker;
  open();
  EXPECT_TRUE(has(issue()));
  start(commit(a_code(random)));
  EXPECT_EQ(counts.answered, 1);
  close();
}

}  // namespace
}  // namespace claviger::test
