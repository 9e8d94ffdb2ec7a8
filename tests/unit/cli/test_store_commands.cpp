// `claviger store`: how what it found is shown, and what a mistake leads to.
#include <gtest/gtest.h>

#include "tests/unit/cli/harness.hpp"

namespace claviger::cli {
namespace {

namespace json = boost::json;
using test::Harness;

const json::object kState{{"engine", "sqlite"},   {"file", "/var/lib/claviger/claviger.db"},
                          {"exists", true},       {"schema", 4},
                          {"newest_schema", 3},   {"up_to_date", false},
                          {"compatible_from", 2}, {"usable", true}};

TEST(StoreCommands, status_shows_which_database_it_is_and_who_may_use_it) {
  Harness harness;
  harness.recorded.store_state = kState;
  const auto ran = harness.run({"store", "status"});
  EXPECT_EQ(ran.code, kOk);
  EXPECT_EQ(ran.out,
            "engine           sqlite\n"
            "file             /var/lib/claviger/claviger.db\n"
            "exists           true\n"
            "schema           4\n"
            "newest           3\n"
            "up to date       false\n"
            "compatible from  2\n"
            "usable           true\n");
  EXPECT_EQ(json::parse(harness.run({"store", "status", "--json"}).out), json::value(kState));
  EXPECT_EQ(harness.recorded.store_calls, (std::vector<std::string>{"look", "look"}));
}

TEST(StoreCommands, migrate_shows_what_it_came_to) {
  Harness harness;
  harness.recorded.store_state = {{"engine", "postgresql"}, {"schema", 3}};
  const auto ran = harness.run({"store", "migrate"});
  EXPECT_EQ(ran.code, kOk);
  EXPECT_EQ(ran.out, "engine  postgresql\nschema  3\n");
  EXPECT_EQ(harness.recorded.store_calls, std::vector<std::string>{"migrate"});
}

TEST(StoreCommands, what_goes_wrong_is_said_with_a_next_step) {
  for (const auto* const verb : {"status", "migrate"}) {
    Harness harness;
    harness.recorded.store_fault = "the database is of a newer release";
    const auto ran = harness.run({"store", verb});
    EXPECT_EQ(ran.code, kFailed);
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err.find("error: the database is of a newer release"), std::string::npos);
    EXPECT_NE(ran.err.find("next:"), std::string::npos);
  }
}

TEST(StoreCommands, copy_wants_to_know_where_to) {
  Harness harness;
  const auto ran = harness.run({"store", "copy"});
  EXPECT_EQ(ran.code, kUsage);
  EXPECT_NE(ran.err.find("--to postgresql://"), std::string::npos);
  EXPECT_TRUE(harness.recorded.store_calls.empty());
}

TEST(StoreCommands, copy_shows_each_table_and_its_checksum) {
  Harness harness;
  const json::object users{{"table", "users"}, {"rows", 7}, {"sha256", "ab12"}};
  harness.recorded.store_state = {{"tables", json::array{users}}};
  const auto ran = harness.run({"store", "copy", "--to", "/srv/other"});
  EXPECT_EQ(ran.code, kOk);
  EXPECT_NE(ran.out.find("users  7     ab12"), std::string::npos) << ran.out;
  EXPECT_EQ(ran.err, "");  // where nothing can be written over, no progress
  EXPECT_EQ(harness.recorded.store_calls, std::vector<std::string>{"copy /srv/other"});
  harness.recorded.store_fault = "the target is not empty";
  EXPECT_EQ(harness.run({"store", "copy", "--to", "/srv/other"}).code, kFailed);
}

}  // namespace
}  // namespace claviger::cli
