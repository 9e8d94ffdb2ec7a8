// Time: whatever ends is swept one day, of every table that there is, and a database that issues
// and sweeps for years stays as large as what lives in it.
#include <fmt/format.h>

#include <set>

#include "store/sqlite/open.hpp"
#include "tests/support/fault_report.hpp"
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

class Growth : public testing::Test {
 protected:
  Growth() {
    // What is measured is the file, not the disk.
    database_.options.synchronous_full = false;
    store_ = std::make_unique<store::Store>(database_.open(log), random);
  }
  store::Store& store() { return *store_; }
  std::vector<store::sql::Row> read(const std::string& query) {
    // A statement is known by its address.
    static std::set<std::string> kept;
    return run_task(store().driver().read({*kept.insert(query).first, {}}));
  }
  std::int64_t number(const std::string& query) { return read(query).at(0).integer(0); }
  void execute(const std::string& statement) {
    static std::set<std::string> kept;
    store::sql::Operation operation;
    operation.push_back({*kept.insert(statement).first, {}});
    run_task(store().driver().commit(std::move(operation)));
  }
  void sweep_all(Time now) {
    while (run_task(store().sweep(now, 500)) > 0) {
    }
  }
  std::int64_t pages() { return number("PRAGMA page_count"); }
  std::int64_t free_pages() { return number("PRAGMA freelist_count"); }

  KeptLog log;
  ScriptedRandom random;

 private:
  SqliteDatabase database_;
  std::unique_ptr<store::Store> store_;
};

// These live until somebody takes them away.
const std::set<std::string> kNotOfTime{
    "store",          "clients", "client_logos", "users", "consents",
    "consent_scopes", "leases",  "server_keys" /* keys go when they have retired: keep_keys */};

// One row whose times, if it has some, are long over.
std::string insert_of(const std::string& table, const std::vector<store::sql::Row>& columns) {
  std::string names;
  std::string values;
  for (const auto& column : columns) {
    const bool required = column.integer(1) != 0;
    if (!required) continue;
    const auto& type = column.text(2);
    names += (names.empty() ? "" : ", ") + column.text(0);
    values += values.empty() ? "" : ", ";
    values += type == "INTEGER" ? "1" : type == "BLOB" ? "zeroblob(16)" : "''";
  }
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", table, names, values);
}

// A new table turns this red until it is swept, or stands in the list above.
TEST_F(Growth, every_table_with_an_end_is_swept) {
  std::vector<std::string> swept;
  for (const auto& row :
       read("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
    const auto& table = row.text(0);
    if (table.starts_with("sqlite_") || kNotOfTime.contains(table)) continue;
    execute(insert_of(
        table, read(fmt::format("SELECT name, \"notnull\" + pk, type FROM pragma_table_info('{}')",
                                table))));
    swept.push_back(table);
  }
  EXPECT_GE(swept.size(), 12u);
  sweep_all(kNow);
  for (const auto& table : swept) {
    EXPECT_EQ(number("SELECT count(*) FROM " + table), 0) << "nobody sweeps " << table;
  }
}

// Ten years of use in so many steps: what was freed is used again.
TEST_F(Growth, a_database_that_issues_and_sweeps_stays_as_large) {
  const auto cycles = short_or_long(12, 300);
  constexpr int kEach = 25;
  Time now = kNow;
  const auto one_cycle = [&] {
    for (int i = 0; i < kEach; ++i) {
      auto transaction = a_transaction(random, now);
      transaction.state = std::string(8'000, 'x');
      run_task(store().transactions.add(transaction));
      const auto session = a_session(random, "alice-sub", now);
      run_task(store().sessions.start(session, {}));
      Code code = a_code(random, now);
      code.session = session.id;
      run_task(store().codes.issue(an_answer(code, {}, now)));
      run_task(store().codes.redeem(a_redeem_plan(random, code)));
      run_task(store().opaque_tokens.add(an_opaque_token(random, now)));
    }
    now += hours(24 * 200);
    sweep_all(now);
  };
  for (int i = 0; i < 3; ++i) one_cycle();
  const auto early = pages();
  for (std::uint64_t i = 3; i < cycles; ++i) one_cycle();
  EXPECT_LE(pages(), early + early / 4);
  EXPECT_EQ(number("SELECT count(*) FROM grants"), 0);
  // Nearly all of it is free for the next, and none of it is lost.
  EXPECT_GT(free_pages(), pages() / 3);
  report(fmt::format("growth cycles={} rows={} pages_early={} pages_late={} free={} violations={}",
                     cycles, cycles * kEach * 6, early, pages(), free_pages(),
                     violations_so_far()));
}

}  // namespace
}  // namespace claviger::test
