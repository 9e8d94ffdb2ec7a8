// What each engine counts about what it is asked.
#include "store/metrics.hpp"

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

template <class Options>
class MetricsOf : public testing::Test {
 protected:
  store::sql::OperationResult commit() {
    store::sql::Operation operation;
    operation.push_back({"UPDATE store SET epoch_since = 1", {}});
    return run_task(driver->commit(std::move(operation)));
  }
  void read(const char* text) {
    const std::string_view statement(text);
    run_task(driver->read({statement, {}}));
  }
  static double sum_of(const Histogram& histogram) {
    double count = 0;
    for (std::size_t i = 0; i <= histogram.bounds().size(); ++i) {
      count += static_cast<double>(histogram.count(i));
    }
    return count;
  }
  void expect_counts() {
    commit();
    commit();
    read("SELECT epoch_since FROM store");
    EXPECT_THROW(read("SELECT nothing FROM nowhere"), std::logic_error);
    driver.reset();  // with its threads, which may count after they have answered
    const auto& counted = *options.metrics;
    EXPECT_EQ(sum_of(counted.commit_seconds), 2);
    EXPECT_GT(counted.commit_seconds.sum(), 0);
    EXPECT_EQ(sum_of(counted.batch_size), 2);
    EXPECT_EQ(counted.batch_size.sum(), 2);
    EXPECT_EQ(sum_of(counted.read_seconds), 1);
    EXPECT_EQ(counted.failures.value(), 1u);
    EXPECT_EQ(counted.writes_waiting.value(), 0);
    EXPECT_EQ(counted.connections_in_use.value(), 0);
  }

  Options options;
  KeptLog log;
  std::unique_ptr<store::sql::Driver> driver;
};

class SqliteMetrics : public MetricsOf<store::SqliteOptions> {
 protected:
  TempFolder folder;
};
TEST_F(SqliteMetrics, count_reads_writes_and_failures) {
  options.directory = folder.path();
  driver = store::open_sqlite(options, log);
  expect_counts();
}

TEST_F(SqliteMetrics, count_what_is_shed) {
  options.directory = folder.path();
  options.queue = 0;
  driver = store::open_sqlite(options, log);
  EXPECT_THROW(commit(), store::Unavailable);
  EXPECT_EQ(options.metrics->writes_shed.value(), 1u);
}

class PostgresMetrics : public MetricsOf<store::PostgresOptions> {
 protected:
  PostgresSchema schema;
};
TEST_F(PostgresMetrics, count_reads_writes_and_failures) {
  options.url = schema.url();
  driver = store::open_postgres(options, log);
  expect_counts();
}

TEST_F(PostgresMetrics, count_what_is_shed) {
  options.url = schema.url();
  options.queue = 0;
  driver = store::open_postgres(options, log);
  EXPECT_THROW(commit(), store::Unavailable);
  EXPECT_EQ(options.metrics->writes_shed.value(), 1u);
}

}  // namespace
}  // namespace claviger::test
