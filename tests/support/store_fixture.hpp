// A store over each engine that there is: the contract suite runs once for every one of them.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/sqlite/open.hpp"
#include "store/store.hpp"
#include "tests/support/null_log.hpp"
#include "tests/support/postgres_database.hpp"
#include "tests/support/records.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/test_database.hpp"

namespace claviger::test {

// There each access costs ten times as much, and fewer rounds find as much.
#if defined(__has_feature) && __has_feature(thread_sanitizer)
inline constexpr bool kUnderThreadSanitizer = true;
#else
inline constexpr bool kUnderThreadSanitizer = false;
#endif

class SqliteDatabase final : public TestDatabase {
 public:
  SqliteDatabase() { options.directory = folder_.path(); }
  std::unique_ptr<store::sql::Driver> open(Log& log) override {
    return store::open_sqlite(options, log);
  }
  store::SqliteOptions options;

 private:
  TempFolder folder_;
};

struct Engine {
  std::string name;
  std::function<std::unique_ptr<TestDatabase>()> make;
  friend void PrintTo(const Engine& engine, std::ostream* out) { *out << engine.name; }
};

inline std::vector<Engine> engines() {
  std::vector<Engine> all{{"sqlite", [] { return std::make_unique<SqliteDatabase>(); }}};
  if (postgres_is_tested()) {
    all.push_back({"postgres", [] { return std::make_unique<PostgresDatabase>(); }});
  }
  return all;
}

class StoreTest : public testing::TestWithParam<Engine> {
 protected:
  // `decorate` puts a driver of the test's own in front of the engine's.
  using Decorate =
      std::function<std::unique_ptr<store::sql::Driver>(std::unique_ptr<store::sql::Driver>)>;
  void open(const Decorate& decorate = {}) {
    store_.reset();
    auto driver = database_->open(log);
    if (decorate) driver = decorate(std::move(driver));
    store_ = std::make_unique<store::Store>(std::move(driver), random);
  }
  // The next open() finds an empty database.
  void reset_database() {
    store_.reset();
    database_ = GetParam().make();
  }
  void SetUp() override { open(); }

  store::Store& store() { return *store_; }

  // One statement, for facts that no verb makes or tells.
  void execute(store::sql::Statement statement) {
    store::sql::Operation operation;
    operation.push_back(std::move(statement));
    run_task(store().driver().commit(std::move(operation)));
  }
  std::int64_t count(std::string_view query) {
    return run_task(store().driver().read({query, {}})).at(0).integer(0);
  }

  KeptLog log;
  ScriptedRandom random;

 private:
  std::unique_ptr<TestDatabase> database_ = GetParam().make();
  std::unique_ptr<store::Store> store_;
};

#define CLAVIGER_ON_EVERY_ENGINE(Suite)                                   \
  INSTANTIATE_TEST_SUITE_P(Contract, Suite, testing::ValuesIn(engines()), \
                           [](const auto& each) { return each.param.name; })

}  // namespace claviger::test
