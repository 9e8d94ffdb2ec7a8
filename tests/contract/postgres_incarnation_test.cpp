// Which server a connection leads to: another one than the data remembers raises the storage epoch,
// once, before anything is committed (T-15).
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

class PostgresIncarnation : public testing::Test {
 protected:
  std::unique_ptr<store::sql::Driver> open(const std::string& url) {
    store::PostgresOptions options;
    options.url = url;
    return store::open_postgres(options, log);
  }
  // A commit waits for the writing connection, and so for what that found.
  StorageEpoch epoch_of(store::sql::Driver& driver) {
    store::sql::Operation nothing;
    nothing.push_back({"UPDATE store SET one = one", {}});
    run_task(driver.commit(std::move(nothing)));
    EXPECT_TRUE(driver.storage_epoch() > 0);
    return run_task(store::StorageEpochs(driver).find());
  }
  void run(const std::string& script) { PostgresSession(schema.url()).run(script); }
  std::string incarnation() {
    return PostgresSession(schema.url()).run("SELECT incarnation FROM store").at(0);
  }
  bool was_logged(std::string_view event) {
    const auto entries = log.entries();
    return std::ranges::find(entries, event, &KeptLog::Entry::event) != entries.end();
  }

  PostgresSchema schema;
  KeptLog log;
};

TEST_F(PostgresIncarnation, the_first_server_is_remembered_and_raises_nothing) {
  const auto first = epoch_of(*open(schema.url()));
  EXPECT_EQ(first.number, 1);
  EXPECT_EQ(first.since, Time{});
  const auto server = PostgresSession(schema.url())
                          .run("SELECT system_identifier || ':1' FROM pg_control_system()")
                          .at(0);
  EXPECT_EQ(incarnation(), server);
  EXPECT_EQ(epoch_of(*open(schema.url())).number, 1);
  EXPECT_TRUE(log.entries().empty());
}

TEST_F(PostgresIncarnation, I1_T_15_another_timeline_raises_the_epoch) {
  open(schema.url()).reset();
  epoch_of(*open(schema.url()));
  run("UPDATE store SET incarnation = incarnation || '0'");
  const auto driver = open(schema.url());
  const auto raised = epoch_of(*driver);
  EXPECT_EQ(raised.number, 2);
  EXPECT_GT(raised.since, Time{});
  EXPECT_EQ(driver->storage_epoch(), 2);
  EXPECT_TRUE(was_logged("store.epoch_raised"));
  EXPECT_EQ(epoch_of(*open(schema.url())).number, 2);
}

TEST_F(PostgresIncarnation, nodes_that_come_together_raise_it_once) {
  epoch_of(*open(schema.url()));
  run("UPDATE store SET incarnation = 'another'");
  std::vector<std::unique_ptr<store::sql::Driver>> nodes;
  {
    std::mutex mutex;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        auto node = open(schema.url());
        const std::lock_guard lock(mutex);
        nodes.push_back(std::move(node));
      });
    }
  }
  for (const auto& node : nodes) EXPECT_EQ(epoch_of(*node).number, 2);
  EXPECT_EQ(std::ranges::count(log.entries(), "store.epoch_raised", &KeptLog::Entry::event), 1);
}

// An ordinary role may ask. Where nobody may, the epoch stays, and an operator is told what to do.
TEST_F(PostgresIncarnation, a_role_without_rights_of_its_own) {
  const auto name = "plain_" + std::to_string(::getpid());
  PostgresSession admin(postgres_server());
  admin.run("CREATE ROLE " + name + " LOGIN NOSUPERUSER");
  admin.run("CREATE DATABASE " + name + " OWNER " + name);
  const auto host = postgres_server().substr(postgres_server().find("host="));
  const auto url = "postgresql://" + name + "@/" + name + "?" + host;
  epoch_of(*open(url));
  PostgresSession(url).run("UPDATE store SET incarnation = 'another'");
  EXPECT_EQ(epoch_of(*open(url)).number, 2);
  EXPECT_FALSE(was_logged("store.incarnation_unknown"));

  auto as_admin = postgres_server();
  as_admin.replace(as_admin.find("/postgres?"), std::string("/postgres?").size(), "/" + name + "?");
  PostgresSession(as_admin).run("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
  PostgresSession(url).run("UPDATE store SET incarnation = 'another'");
  EXPECT_EQ(epoch_of(*open(url)).number, 2);
  EXPECT_TRUE(was_logged("store.incarnation_unknown"));
  admin.run("DROP DATABASE " + name + " WITH (FORCE)");
  admin.run("DROP ROLE " + name);
}

}  // namespace
}  // namespace claviger::test
