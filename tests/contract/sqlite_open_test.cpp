// The data folder, its lock, and what a database file must be like to be opened (SQ-08, SQ-09,
// T-10, T-11).
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "store/sqlite/data_folder.hpp"
#include "store/sqlite/open.hpp"
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;

unsigned mode_of(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777u : 0u;
}

template <class Work>
std::string refusal(Work work) {
  try {
    work();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

TEST(DataFolder, SQ_08_is_made_for_its_owner_alone) {
  TempFolder parent;
  const auto path = parent.path() + "/claviger-data";
  store::make_data_folder(path);
  EXPECT_EQ(mode_of(path), 0700u);
  store::make_data_folder(path);  // again: nothing to do
}

TEST(DataFolder, SQ_08_open_to_others_is_refused) {
  TempFolder folder;
  for (const mode_t mode : {0755u, 0710u, 0701u, 0777u}) {
    ::chmod(folder.path().c_str(), mode);
    const auto why = refusal([&] { store::make_data_folder(folder.path()); });
    EXPECT_NE(why.find("chmod 700"), std::string::npos) << why;
  }
}

TEST(DataFolder, a_file_or_a_missing_parent_is_refused) {
  TempFolder folder;
  const auto file = folder.path() + "/file";
  std::ofstream(file) << "x";
  EXPECT_NE(refusal([&] { store::make_data_folder(file); }), "");
  EXPECT_NE(refusal([&] { store::make_data_folder(folder.path() + "/no/such"); }), "");
}

// T-11: the second server is refused at once, and told who the first is.
TEST(DataLock, T_11_keeps_a_second_server_out) {
  TempFolder folder;
  EXPECT_EQ(store::DataLock::holder(folder.path()), std::nullopt);
  {
    const store::DataLock lock(folder.path());
    EXPECT_EQ(store::DataLock::holder(folder.path()), ::getpid());
    try {
      const store::DataLock second(folder.path());
      FAIL();
    } catch (const store::DataFolderInUse& in_use) {
      EXPECT_EQ(in_use.pid(), ::getpid());
    }
    EXPECT_EQ(mode_of(folder.path() + "/lock"), 0600u);
  }
  EXPECT_EQ(store::DataLock::holder(folder.path()), std::nullopt);
  const store::DataLock again(folder.path());
}

class SqliteOpen : public testing::Test {
 protected:
  SqliteOpen() { options.directory = folder_.path(); }
  void open() { store_ = std::make_unique<store::Store>(store::open_sqlite(options, log), random); }
  void close() { store_.reset(); }
  store::Store& store() { return *store_; }
  std::string why_not() {
    return refusal([this] { open(); });
  }
  // Something that happened to the file while no server ran.
  void meanwhile(const std::string& script) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(options.path().c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, script.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    sqlite3_close(db);
  }
  void overwrite(std::streamoff at, const std::string& bytes) {
    std::fstream file(options.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << bytes;
  }
  std::int64_t written(const char* query) {
    store::sql::Operation operation;
    operation.push_back({query, {}});
    return run_task(store().driver().commit(std::move(operation)))[0].rows.at(0).integer(0);
  }
  std::int64_t read(const char* query) {
    return run_task(store().driver().read({query, {}})).at(0).integer(0);
  }

  store::SqliteOptions options;
  KeptLog log;
  ScriptedRandom random;

 private:
  TempFolder folder_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(SqliteOpen, SQ_08_all_files_are_for_their_owner_alone) {
  const auto mask = ::umask(0);
  open();
  run_task(store().clients.add(a_client()));
  ::umask(mask);
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    EXPECT_EQ(mode_of(options.path() + suffix), 0600u) << suffix;
  }
}

TEST_F(SqliteOpen, SQ_08_a_database_open_to_others_is_refused) {
  open();
  close();
  ::chmod(options.path().c_str(), 0640);
  EXPECT_NE(why_not().find("chmod 600"), std::string::npos);
}

TEST_F(SqliteOpen, what_was_written_is_there_after_a_restart) {
  open();
  run_task(store().clients.add(a_client()));
  close();
  open();
  EXPECT_TRUE(run_task(store().clients.find("shop")));
}

TEST_F(SqliteOpen, T_39_a_newer_schema_that_took_something_away_is_refused) {
  open();
  close();
  meanwhile("PRAGMA user_version = 4711; UPDATE store SET compatible_from = 4711");
  const auto why = why_not();
  EXPECT_NE(why.find("newer release"), std::string::npos) << why;
  EXPECT_NE(why.find("schema 4711; this release knows schema 3"), std::string::npos) << why;
}

// A schema that says it elsewhere, or nowhere, is none that this release may use.
TEST_F(SqliteOpen, T_39_a_newer_schema_that_does_not_say_who_may_use_it_is_refused) {
  open();
  close();
  meanwhile("PRAGMA user_version = 4711; ALTER TABLE store RENAME COLUMN compatible_from TO other");
  EXPECT_NE(why_not().find("newer release"), std::string::npos);
}

// T-39: what a newer release only added to is used, and told about once.
TEST_F(SqliteOpen, T_39_a_newer_schema_that_only_added_is_used) {
  open();
  const auto newest = store::look_at_sqlite(options).newest;
  EXPECT_TRUE(log.entries().empty());
  run_task(store().clients.add(a_client()));
  close();
  meanwhile("PRAGMA user_version = 4711; UPDATE store SET compatible_from = " +
            std::to_string(newest) + "; ALTER TABLE clients ADD COLUMN later TEXT");
  open();
  EXPECT_TRUE(run_task(store().clients.find("shop")));
  EXPECT_EQ(written("DELETE FROM clients RETURNING 4"), 4);
  ASSERT_EQ(log.entries().size(), 1u);
  EXPECT_EQ(log.entries()[0].event, "store.newer_schema");
  EXPECT_EQ(log.entries()[0].level, LogLevel::notice);
  const auto state = store::look_at_sqlite(options);
  EXPECT_EQ(state.found, 4711);
  EXPECT_EQ(state.compatible_from, newest);
  EXPECT_TRUE(state.usable());
}

TEST_F(SqliteOpen, another_programs_database_is_left_alone) {
  meanwhile("CREATE TABLE theirs (x)");
  ::chmod(options.path().c_str(), 0600);
  EXPECT_NE(why_not().find("another program"), std::string::npos);
}

TEST_F(SqliteOpen, T_10_a_damaged_header_is_refused) {
  open();
  close();
  overwrite(0, "no longer a database");
  EXPECT_NE(why_not().find("restore the last backup"), std::string::npos);
}

// The format of the schema: SQLite calls one that it does not know an error of whoever asks.
TEST_F(SqliteOpen, T_10_a_header_of_another_format_is_refused) {
  open();
  close();
  overwrite(47, ".");
  EXPECT_NE(why_not().find("restore the last backup"), std::string::npos) << why_not();
}

TEST_F(SqliteOpen, T_10_a_folder_in_its_place_is_refused) {
  ::mkdir(options.path().c_str(), 0700);
  EXPECT_NE(why_not(), "");
}

TEST_F(SqliteOpen, T_09_a_lock_at_the_start_is_a_sentence) {
  open();
  close();
  options.busy_timeout = 10ms;
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(options.path().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  EXPECT_NE(why_not().find("locked by another process"), std::string::npos) << why_not();
  sqlite3_close(other);
}

TEST_F(SqliteOpen, SQ_09_settings_of_both_connections) {
  open();
  EXPECT_EQ(written("PRAGMA synchronous"), 2);  // FULL
  EXPECT_EQ(written("PRAGMA wal_autocheckpoint"), 0);
  EXPECT_EQ(written("PRAGMA foreign_keys"), 1);
  EXPECT_EQ(written("PRAGMA trusted_schema"), 0);
  EXPECT_EQ(written("PRAGMA cell_size_check"), 1);
  EXPECT_EQ(written("PRAGMA busy_timeout"), 5000);
  EXPECT_EQ(read("PRAGMA trusted_schema"), 0);
  EXPECT_EQ(read("PRAGMA cell_size_check"), 1);
  EXPECT_EQ(read("PRAGMA query_only"), 1);
  EXPECT_EQ(read("PRAGMA busy_timeout"), 0);
  EXPECT_EQ(read("PRAGMA wal_autocheckpoint"), 0);
}

TEST_F(SqliteOpen, SQ_09_a_reader_can_not_write) {
  open();
  EXPECT_THROW(run_task(store().driver().read({"DELETE FROM clients", {}})), std::exception);
}

// SQ-09: a trigger that somebody put into the file does nothing.
TEST_F(SqliteOpen, SQ_09_foreign_triggers_do_not_run) {
  open();
  close();
  meanwhile(
      "CREATE TRIGGER theirs AFTER INSERT ON clients BEGIN DELETE FROM clients; "
      "DELETE FROM store; END");
  open();
  run_task(store().clients.add(a_client()));
  EXPECT_TRUE(run_task(store().clients.find("shop")));
}

TEST_F(SqliteOpen, T_10_the_check_finds_damage) {
  open();
  for (int i = 0; i < 200; ++i) run_task(store().codes.issue(an_answer(a_code(random))));
  EXPECT_TRUE(store::check_sqlite(options, store::Thoroughness::quick).empty());
  close();
  EXPECT_TRUE(store::check_sqlite(options, store::Thoroughness::full).empty());
  struct stat status{};
  ASSERT_EQ(::stat(options.path().c_str(), &status), 0);
  overwrite(status.st_size - 4096 + 8, std::string(2000, '\x5a'));
  EXPECT_FALSE(store::check_sqlite(options, store::Thoroughness::quick).empty());
}

TEST_F(SqliteOpen, T_10_the_check_of_something_else_is_a_sentence) {
  std::ofstream(options.path()) << std::string(8192, 'x');
  EXPECT_NE(refusal([this] { store::check_sqlite(options, store::Thoroughness::quick); }), "");
}

}  // namespace
}  // namespace claviger::test
