// `claviger doctor` of a PostgreSQL server: each thing that can be wrong, and what to do.
#include <algorithm>

#include "app/doctor.hpp"
#include "app/doctor_postgres.hpp"
#include "store/postgres/open.hpp"
#include "tests/support/null_log.hpp"
#include "tests/support/postgres_database.hpp"
#include "tests/support/temp_folder.hpp"

namespace claviger::app {
namespace {

namespace json = boost::json;
using store::postgres::ServerFacts;
using namespace std::chrono_literals;

ServerFacts good_facts() {
  ServerFacts facts;
  facts.version = "15.14";
  facts.this_machine = true;
  facts.schema.found = facts.schema.newest = 3;
  facts.schema.compatible_from = 2;
  facts.clock_ahead = 20ms;
  facts.clock_precision = 1ms;
  facts.connections = 20;
  facts.connections_for_us = 97;
  facts.announces = true;
  return facts;
}

json::object found(const json::array& findings, std::string_view check) {
  const auto is = [&](const json::value& one) { return one.at("check").as_string() == check; };
  const auto at = std::ranges::find_if(findings, is);
  return at == findings.end() ? json::object{{"ok", "no such finding"}} : at->as_object();
}

struct Spoilt {
  const char* check;
  std::function<void(ServerFacts&)> spoil;
  const char* detail;
};

TEST(DoctorOfPostgres, a_good_server_is_good) {
  for (const auto& one : judge_postgres(good_facts())) {
    EXPECT_TRUE(one.at("ok").as_bool()) << one;
    EXPECT_EQ(one.at("next").as_string(), "") << one;
  }
}

TEST(DoctorOfPostgres, each_thing_that_is_wrong_is_named_alone_and_has_a_next_step) {
  const std::vector<Spoilt> cases{
      {"database", [](auto& facts) { facts.unsuitable = "fsync is off"; }, "fsync is off"},
      {"database TLS", [](auto& facts) { facts.this_machine = false; }, "another machine"},
      {"schema", [](auto& facts) { facts.schema_fault = "another program's"; }, "another program"},
      {"schema",
       [](auto& facts) {
         facts.schema.found = 5;
         facts.schema.compatible_from = 4;
       },
       "schema 5, this release knows 3"},
      {"database clock", [](auto& facts) { facts.clock_ahead = 11'500ms; }, "11500.0 ms ahead of"},
      {"database clock", [](auto& facts) { facts.clock_ahead = -11'500ms; }, "11500.0 ms behind"},
      {"connections", [](auto& facts) { facts.connections = 88; }, "88 of 97"},
      {"notifications", [](auto& facts) { facts.announces = false; }, "did not reach"},
  };
  for (const auto& spoilt : cases) {
    auto facts = good_facts();
    spoilt.spoil(facts);
    for (const auto& one : judge_postgres(facts)) {
      const bool meant = one.at("check").as_string() == spoilt.check;
      EXPECT_EQ(one.at("ok").as_bool(), !meant) << one;
      if (!meant) continue;
      EXPECT_NE(one.at("detail").as_string().find(spoilt.detail), json::string::npos) << one;
      EXPECT_NE(one.at("next").as_string(), "") << one;
    }
  }
}

TEST(DoctorOfPostgres, T_39_a_node_that_waits_for_its_upgrade_is_no_fault) {
  auto facts = good_facts();
  facts.schema.found = 4;
  facts.schema.compatible_from = 3;
  const auto schema = found(judge_postgres(facts), "schema");
  EXPECT_TRUE(schema.at("ok").as_bool());
  EXPECT_NE(schema.at("next").as_string(), "");
}

class DoctorAsksPostgres : public testing::Test {
 protected:
  DoctorAsksPostgres() {
    loaded.settings.data.directory = folder_.path();
    loaded.settings.store.url = Secret(schema.url());
    loaded.settings.server.listen = {"127.0.0.1:0"};
  }
  json::array examine() { return app::examine(loaded, false); }

  test::PostgresSchema schema;
  config::Loaded loaded;

 private:
  test::TempFolder folder_;
};

TEST_F(DoctorAsksPostgres, a_fresh_database_and_one_in_use) {
  for (const auto& one : examine()) EXPECT_TRUE(one.at("ok").as_bool()) << one;
  test::KeptLog log;
  store::PostgresOptions options;
  options.url = schema.url();
  store::open_postgres(options, log).reset();
  const auto findings = examine();
  EXPECT_EQ(found(findings, "schema").at("next"), "");
  EXPECT_EQ(found(findings, "notifications").at("ok"), true);
  EXPECT_EQ(found(findings, "database clock").at("ok"), true);
  // Nothing is sealed in it, so that no key can be missed.
  EXPECT_EQ(found(findings, "master key").at("ok"), true);
}

TEST_F(DoctorAsksPostgres, a_server_without_the_key_that_the_others_have) {
  test::KeptLog log;
  store::PostgresOptions options;
  options.url = schema.url();
  store::open_postgres(options, log).reset();
  test::PostgresSession(schema.url())
      .run(
          "INSERT INTO server_keys (kid, purpose, alg, sealed, created_at, active_from, "
          "retires_at) VALUES ('k', 'signing', 'ES256', 'x', 0, 0, 0)");
  const auto key = found(examine(), "master key");
  EXPECT_EQ(key.at("ok"), false);
  EXPECT_NE(key.at("next").as_string().find("copy it from another server"), json::string::npos);
}

TEST_F(DoctorAsksPostgres, a_server_that_is_not_there) {
  loaded.settings.store.url = Secret("postgresql:///claviger?host=/nowhere");
  const auto database = found(examine(), "database");
  EXPECT_EQ(database.at("ok"), false);
  EXPECT_NE(database.at("next").as_string(), "");
}

}  // namespace
}  // namespace claviger::app
