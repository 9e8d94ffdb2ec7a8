// I1, I2 and I5 on PostgreSQL: connections that die at any moment, a server that goes and comes
// back. Callers are told Unavailable, nothing answered is lost, nothing is done twice (T-13, T-17).
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "store/sql/statement.hpp"
#include "tests/contract/postgres_proxy.hpp"
#include "tests/support/fault_report.hpp"
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;
using store::Unavailable;

// The folder of the server's socket, as CLAVIGER_TEST_POSTGRES names it.
std::string socket_folder() {
  const auto url = postgres_server();
  const auto at = url.find("host=/");
  if (at == std::string::npos) throw std::runtime_error("these tests need a unix socket");
  return url.substr(at + 5, url.find('&', at) - at - 5);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

class PostgresFaults : public testing::Test {
 protected:
  void SetUp() override {
    database_ = std::make_unique<PostgresDatabase>();
    run_at("SELECT 1");  // fails here, with its sentence, where no server is
  }
  void open(const std::string& url) {
    store_.reset();
    store::PostgresOptions options;
    options.url = url;
    options.readers = 2;
    store_ = std::make_unique<store::Store>(store::open_postgres(options, log), random);
  }
  void open() { open(database_->url()); }
  void open_behind_proxy() {
    proxy_ = std::make_unique<PostgresProxy>(socket_folder());
    open(replaced(database_->url(), socket_folder(), proxy_->folder()));
  }
  void TearDown() override {
    store_.reset();
    proxy_.reset();
  }

  std::vector<std::string> run_at(const std::string& script) {
    return PostgresSession(database_->url()).run(script);
  }
  std::int64_t epoch() { return std::stoll(run_at("SELECT epoch FROM clients").at(0)); }
  // True: it was acknowledged.
  bool raise_epoch() {
    try {
      return run_task(store_->clients.set_disabled("shop", true, kNow));
    } catch (const Unavailable&) {
      return false;
    }
  }
  bool can_read() {
    try {
      run_task(store_->clients.list("", 1));
      return true;
    } catch (const Unavailable&) {
      return false;
    }
  }
  // Many writes at once, every so manieth a bad one.
  void expect_only_bad_ones_refused(int count, int every, const store::sql::Statement& bad_one) {
    boost::asio::io_context io(1);
    int good = 0;
    int bad = 0;
    for (int i = 0; i < count; ++i) {
      store::sql::Operation operation{bad_one};
      if (i % every != 5) {
        operation = {{"INSERT INTO denied_tokens (jti, expires_at) VALUES ($1, $2)",
                      {"token " + std::to_string(i), std::int64_t{1}}}};
      }
      boost::asio::co_spawn(io.get_executor(), store().driver().commit(std::move(operation)),
                            [&](std::exception_ptr error, const auto&) { ++(error ? bad : good); });
    }
    io.run();
    EXPECT_EQ(bad, count / every);
    EXPECT_EQ(good, count - count / every);
    EXPECT_EQ(run_at("SELECT count(*) FROM denied_tokens").at(0), std::to_string(good));
  }
  // Far longer than the longest pause between two attempts to connect.
  template <class Condition>
  bool comes_true(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < until) {
      if (condition()) return true;
      std::this_thread::yield();
    }
    return false;
  }
  store::Store& store() { return *store_; }
  PostgresProxy& proxy() { return *proxy_; }
  PostgresDatabase& database() { return *database_; }

  KeptLog log;
  ScriptedRandom random;

 private:
  std::unique_ptr<PostgresDatabase> database_;
  std::unique_ptr<PostgresProxy> proxy_;
  std::unique_ptr<store::Store> store_;
};

// T-17: the line is cut behind every few bytes of one commit, in both directions: the middle of a
// statement, just before COMMIT, between COMMIT and its answer, behind it.
class T17PostgresCutDuringCommit : public PostgresFaults {
 protected:
  void cut_everywhere(Direction direction);
};

void T17PostgresCutDuringCommit::cut_everywhere(Direction direction) {
  open_behind_proxy();
  run_task(store().clients.add(a_client()));
  ASSERT_TRUE(raise_epoch());
  proxy().count();
  ASSERT_TRUE(raise_epoch());
  const auto whole = proxy().passed(direction);
  ASSERT_GT(whole, 50U);
  int acknowledged = 0;
  int kept = 0;
  const std::size_t rounds = short_or_long(50, 1000);
  for (std::size_t round = 0; round <= rounds; ++round) {
    const auto before = epoch();
    proxy().cut_after(direction, 1 + round * (whole - 1) / rounds);
    const bool told = raise_epoch();
    const auto after = epoch();
    proxy().disarm();
    ASSERT_LE(after, before + 1) << "done twice, cut in round " << round;
    if (told) {
      ASSERT_EQ(after, before + 1) << "lost, cut in round " << round;
    }
    acknowledged += told ? 1 : 0;
    kept += after > before ? 1 : 0;
    ASSERT_TRUE(comes_true([&] { return store().driver().writable() && raise_epoch(); }));
  }
  report(fmt::format("T-17 cut={} cycles={} acknowledged={} unknown={} kept={} violations=0",
                     direction == Direction::to_server ? "to_server" : "to_client", rounds + 1,
                     acknowledged, static_cast<int>(rounds) + 1 - acknowledged, kept));
  // Of one direction most are never done, of the other done and not told: both were met.
  const int rounds_done = static_cast<int>(rounds);
  EXPECT_LT(acknowledged, rounds_done);
  if (direction == Direction::to_client) {
    EXPECT_GT(kept, acknowledged);
  } else {
    EXPECT_LT(kept, rounds_done);
  }
}

TEST_F(T17PostgresCutDuringCommit, an_answer_is_true_and_nothing_is_done_twice) {
  cut_everywhere(Direction::to_server);
}

TEST_F(T17PostgresCutDuringCommit, what_was_done_and_not_told_is_not_done_again) {
  cut_everywhere(Direction::to_client);
}

TEST_F(PostgresFaults, T_13_a_server_that_goes_is_missed_and_found_again) {
  open_behind_proxy();
  run_task(store().clients.add(a_client()));
  ASSERT_TRUE(can_read());
  for (int round = 0; round < 3; ++round) {
    proxy().stop_answering();
    EXPECT_TRUE(comes_true([&] { return !store().driver().writable(); }));
    EXPECT_FALSE(raise_epoch());
    EXPECT_TRUE(comes_true([&] { return !can_read(); }));
    const auto before = epoch();
    proxy().answer_again();
    EXPECT_TRUE(comes_true([&] { return store().driver().writable() && can_read(); }));
    EXPECT_TRUE(raise_epoch());
    EXPECT_EQ(epoch(), before + 1);
  }
}

// I7: what waits for a server that is away does not pile up.
TEST_F(PostgresFaults, requests_are_refused_while_the_server_is_away) {
  open_behind_proxy();
  proxy().stop_answering();
  ASSERT_TRUE(comes_true([&] { return !store().driver().writable(); }));
  for (int i = 0; i < 200; ++i) {
    EXPECT_FALSE(raise_epoch());
    EXPECT_FALSE(can_read());
  }
}

// The machine of the first host is gone without a word: whoever connects to it hears nothing.
TEST_F(PostgresFaults, of_several_hosts_a_silent_one_is_passed_over) {
  open();
  run_task(store().clients.add(a_client()));
  open_behind_proxy();
  const auto both = proxy().folder() + "," + socket_folder();
  open(replaced(database().url(), socket_folder(), both) + "&target_session_attrs=read-write");
  ASSERT_TRUE(raise_epoch());
  proxy().fall_silent();
  EXPECT_TRUE(comes_true([&] { return raise_epoch() && can_read(); }));
}

// While a connection waits for a row, the server's administrator ends it: before COMMIT.
TEST_F(PostgresFaults, T_17_a_connection_that_is_ended_before_commit_wrote_nothing) {
  open();
  run_task(store().clients.add(a_client()));
  const auto before = epoch();
  PostgresSession other(database().url());
  other.run("BEGIN; UPDATE clients SET name = 'held'");
  std::thread ender([&] {
    comes_true([&] {
      return run_at(
                 "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
                 "wait_event_type = 'Lock' AND query LIKE 'UPDATE clients SET disabled%' AND "
                 "pid IN (SELECT pid FROM pg_locks WHERE relation = 'clients'::regclass)")
                 .at(0) != "0";
    });
  });
  EXPECT_FALSE(raise_epoch());
  ender.join();
  other.run("ROLLBACK");
  EXPECT_EQ(epoch(), before);
  EXPECT_TRUE(comes_true([&] { return raise_epoch(); }));
  EXPECT_EQ(epoch(), before + 1);
}

TEST_F(PostgresFaults, a_row_that_somebody_else_holds_is_not_waited_for_long) {
  open();
  run_task(store().clients.add(a_client()));
  const auto before = epoch();
  PostgresSession other(database().url());
  other.run("BEGIN; UPDATE clients SET name = 'held'");
  EXPECT_FALSE(raise_epoch());
  other.run("ROLLBACK");
  EXPECT_TRUE(raise_epoch());
  EXPECT_EQ(epoch(), before + 1);
}

// Nor do those that wait for such a row keep all others from writing, which they would if each of
// them waited by itself. Two batches, each of which finds out: half the time that a write may wait.
TEST_F(PostgresFaults, a_row_that_is_held_does_not_stop_the_others) {
  open();
  run_task(store().clients.add(a_client()));
  PostgresSession other(database().url());
  other.run("BEGIN; UPDATE clients SET name = 'held'");
  expect_only_bad_ones_refused(
      120, 20,
      {"UPDATE clients SET epoch = epoch + 1 WHERE client_id = $1", {std::string("shop")}});
}

// A reading connection that died while nobody used it is noticed and replaced.
TEST_F(PostgresFaults, connections_that_die_idle_are_replaced_unseen) {
  open();
  run_task(store().clients.add(a_client()));
  ASSERT_TRUE(can_read());
  run_at(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
      "query LIKE '%FROM clients WHERE client_id >%'");
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(can_read());
}

// One bad write, gathered with good ones, harms none of them.
TEST_F(PostgresFaults, a_bad_write_fails_alone) {
  open();
  expect_only_bad_ones_refused(40, 10,
                               {"INSERT INTO store (one, storage_epoch) VALUES (2, 2)", {}});
}

// One bad read, sent together with good ones, takes none of them along, and everybody gets what he
// asked for.
TEST_F(PostgresFaults, a_bad_read_fails_alone) {
  open();
  boost::asio::io_context io(1);
  int good = 0;
  int bad = 0;
  for (std::int64_t i = 0; i < 200; ++i) {
    const bool is_bad = i % 10 == 5;
    store::sql::Statement question{is_bad ? "SELECT 1 / ($1 - $1)" : "SELECT $1 + 0", {i}};
    boost::asio::co_spawn(io.get_executor(), store().driver().read(std::move(question)),
                          [&, i](std::exception_ptr error, const auto& rows) {
                            ++(error ? bad : good);
                            if (!error) EXPECT_EQ(rows.at(0).integer(0), i);
                          });
  }
  io.run();
  EXPECT_EQ(bad, 20);
  EXPECT_EQ(good, 180);
}

// Another connection reads on when one does not come back.
TEST_F(PostgresFaults, a_read_that_takes_long_does_not_stop_the_others) {
  open();
  constexpr const char* kSleeping =
      "FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT length(pg_sleep%'";
  std::atomic<bool> is_over = false;
  std::thread patient([&] {
    try {
      run_task(store().driver().read({"SELECT length(pg_sleep(1.9)::text)", {}}));
    } catch (const Unavailable&) {
    }
    is_over = true;
  });
  EXPECT_TRUE(comes_true(
      [&] { return run_at(fmt::format("SELECT count(*) {}", kSleeping)).at(0) == "1"; }));
  EXPECT_TRUE(can_read());
  EXPECT_FALSE(is_over);
  run_at(fmt::format("SELECT pg_cancel_backend(pid) {}", kSleeping));
  patient.join();
}

TEST_F(PostgresFaults, values_come_back_as_they_were) {
  open();
  const Bytes all_bytes{0, 1, 0x7f, 0x80, 0xff, 0};
  for (const std::int64_t number : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
    const auto rows = run_task(
        store().driver().read({"SELECT $1 + 0, $2, length($3), $4, $5 || ''",
                               {number, store::sql::value_of(all_bytes), store::sql::Blob(),
                                nullptr, std::string("\xc3\xa9'\"\\ ")}}));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].integer(0), number);
    EXPECT_EQ(rows[0].blob(1), all_bytes);
    EXPECT_EQ(rows[0].integer(2), 0);
    EXPECT_TRUE(rows[0].is_null(3));
    EXPECT_EQ(rows[0].text(4), "\xc3\xa9'\"\\ ");
  }
}

TEST_F(PostgresFaults, what_only_reads_can_not_write) {
  open();
  EXPECT_THROW(run_task(store().driver().read(
                   {"INSERT INTO throttles (key, failures, last_failure) VALUES ('', 1, 1)", {}})),
               std::exception);
  EXPECT_EQ(run_at("SELECT count(*) FROM throttles").at(0), "0");
}

}  // namespace
}  // namespace claviger::test
