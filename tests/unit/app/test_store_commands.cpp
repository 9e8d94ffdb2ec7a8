// `claviger store`: what it says of a database, and what it refuses.
#include <filesystem>

#include "app/store_commands.hpp"
#include "store/postgres/open.hpp"
#include "store/sqlite/data_folder.hpp"
#include "store/sqlite/open.hpp"
#include "tests/support/earlier_schema.hpp"
#include "tests/support/null_log.hpp"
#include "tests/support/postgres_database.hpp"
#include "tests/support/temp_folder.hpp"

namespace claviger::app {
namespace {

namespace json = boost::json;
using test::PostgresSession;

class StoreCommands : public testing::Test {
 protected:
  StoreCommands() { loaded.settings.data.directory = folder_.path(); }
  std::string file() const { return folder_.path() + "/claviger.db"; }
  json::object migrate() { return migrate_store(loaded); }
  json::object look() { return look_at_store(loaded); }
  std::int64_t newest() { return look().at("newest_schema").as_int64(); }
  template <class Work>
  static std::string refusal(const Work& work) {
    try {
      work();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }
  std::string copy_refusal(const std::string& target) {
    return refusal([&] { copy_store(loaded, target, [](const std::string&) {}); });
  }

  config::Loaded loaded;
  test::TempFolder elsewhere;

 private:
  test::TempFolder folder_;
};

TEST_F(StoreCommands, status_of_nothing) {
  EXPECT_EQ(look(), (json::object{{"engine", "sqlite"}, {"file", file()}, {"exists", false}}));
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(StoreCommands, migrate_makes_it_and_a_second_time_does_nothing) {
  const auto made = migrate();
  EXPECT_EQ(made.at("schema"), made.at("newest_schema"));
  EXPECT_TRUE(made.at("up_to_date").as_bool());
  EXPECT_TRUE(made.at("usable").as_bool());
  EXPECT_EQ(migrate(), made);
  EXPECT_EQ(look(), made);
}

TEST_F(StoreCommands, an_earlier_schema_is_shown_and_brought_up_to_date) {
  test::meanwhile(file(), test::earlier_schema(2));
  const auto before = look();
  EXPECT_EQ(before.at("schema"), 2);
  EXPECT_FALSE(before.at("up_to_date").as_bool());
  EXPECT_FALSE(before.contains("compatible_from"));
  EXPECT_TRUE(migrate().at("up_to_date").as_bool());
}

TEST_F(StoreCommands, T_39_a_newer_schema_that_only_added_is_left_as_it_is) {
  migrate();
  test::meanwhile(file(), "PRAGMA user_version = 4711");
  const auto state = migrate();
  EXPECT_EQ(state.at("schema"), 4711);
  EXPECT_FALSE(state.at("up_to_date").as_bool());
  EXPECT_EQ(state.at("compatible_from"), 2);
  EXPECT_TRUE(state.at("usable").as_bool());
  // Its columns are more than those of a database that this release makes.
  EXPECT_NE(copy_refusal(elsewhere.path()).find("copy it with that release"), std::string::npos);
}

TEST_F(StoreCommands, T_39_a_newer_schema_that_took_something_away_is_shown_and_refused) {
  migrate();
  test::meanwhile(file(), "PRAGMA user_version = 4711; UPDATE store SET compatible_from = 4711");
  EXPECT_FALSE(look().at("usable").as_bool());
  EXPECT_NE(refusal([&] { migrate(); }).find("newer release"), std::string::npos);
}

TEST_F(StoreCommands, copy_tells_of_every_table) {
  migrate();
  std::vector<std::string> lines;
  const auto tell = [&](const std::string& line) { lines.push_back(line); };
  const auto copied = copy_store(loaded, elsewhere.path(), tell);
  EXPECT_GE(lines.size(), copied.at("tables").as_array().size());
  EXPECT_TRUE(std::filesystem::exists(elsewhere.path() + "/claviger.db"));
}

TEST_F(StoreCommands, copy_refuses_what_can_not_be) {
  EXPECT_NE(copy_refusal(elsewhere.path()).find("nothing to copy"), std::string::npos);
  migrate();
  // SQ-13: a server elsewhere that need not prove its name.
  EXPECT_NE(copy_refusal("postgresql://u@db.example.com/x?sslmode=require"), "");
  EXPECT_NE(copy_refusal(elsewhere.path() + "/no/such"), "");
  const store::DataLock running(loaded.settings.data.directory);
  EXPECT_NE(copy_refusal(elsewhere.path()).find("another server"), std::string::npos);
}

class StoreCommandsOnPostgres : public StoreCommands {
 protected:
  StoreCommandsOnPostgres() { loaded.settings.store.url = Secret(schema_.url()); }
  void run(const std::string& script) { PostgresSession(schema_.url()).run(script); }
  test::PostgresSchema schema_;
};

TEST_F(StoreCommandsOnPostgres, status_and_migrate) {
  const auto before = look();
  EXPECT_EQ(before.at("engine"), "postgresql");
  EXPECT_EQ(before.at("schema"), 0);
  const auto made = migrate();
  EXPECT_EQ(made.at("schema"), made.at("newest_schema"));
  EXPECT_EQ(migrate(), made);
}

TEST_F(StoreCommandsOnPostgres, T_39_a_newer_schema_that_only_added_is_left_as_it_is) {
  migrate();
  run("UPDATE claviger_schema SET version = 4711");
  const auto state = migrate();
  EXPECT_EQ(state.at("schema"), 4711);
  EXPECT_EQ(state.at("compatible_from"), 2);
  EXPECT_NE(copy_refusal(elsewhere.path()).find("copy it with that release"), std::string::npos);
  run("UPDATE store SET compatible_from = 4711");
  EXPECT_FALSE(look().at("usable").as_bool());
  EXPECT_NE(refusal([&] { migrate(); }).find("newer release"), std::string::npos);
}

TEST_F(StoreCommandsOnPostgres, there_and_back) {
  loaded.settings.store.url = Secret("");
  migrate();
  const auto quiet = [](const std::string&) {};
  const auto there = copy_store(loaded, schema_.url(), quiet);
  loaded.settings.store.url = Secret(schema_.url());
  EXPECT_EQ(copy_store(loaded, elsewhere.path(), quiet), there);
}

}  // namespace
}  // namespace claviger::app
