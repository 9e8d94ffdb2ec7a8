// The copy that is made before an upgrade: whole, private, and there before anything is changed.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "store/sqlite/migration_copy.hpp"
#include "tests/support/earlier_schema.hpp"
#include "tests/support/store_fixture.hpp"
#include "tests/support/sync_vfs.hpp"

namespace claviger::test {
namespace {

namespace fs = std::filesystem;

class MigrationCopy : public testing::Test {
 protected:
  static constexpr std::size_t kEarlier = 2;

  MigrationCopy() {
    options.directory = folder_.path();
    newest = newest_schema();
    copy = store::sqlite::copy_before_schema(options.path(), newest);
  }
  static std::int64_t newest_schema() {
    static const auto known = [] {
      TempFolder empty;
      store::SqliteOptions any;
      any.directory = empty.path();
      KeptLog quiet;
      store::open_sqlite(any, quiet);
      return store::look_at_sqlite(any).newest;
    }();
    return known;
  }
  // What a release of `schema` left behind when it was killed: the user stands in its log alone.
  void left_behind(std::size_t schema, const std::string& name) {
    test::meanwhile(options.path(), earlier_schema(schema) + "PRAGMA journal_mode = WAL;");
    add_user(name);
  }
  void add_user(const std::string& name) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(options.path().c_str(), &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    const auto script =
        "INSERT INTO users (sub, username, username_key, email, firstname, lastname, phone, "
        "password_hash, disabled, epoch, created_at) VALUES ('" +
        name + "', '" + name + "', '" + name + "', '', '', '', '', 'x', 0, 0, 7)";
    EXPECT_EQ(sqlite3_exec(db, script.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
    for (const auto* suffix : {"-wal", "-shm"}) {
      ::chmod((options.path() + suffix).c_str(), 0600);
    }
    ASSERT_TRUE(fs::exists(options.path() + "-wal"));
  }
  std::string why_not() {
    try {
      open();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }
  void open() { store_ = std::make_unique<store::Store>(store::open_sqlite(options, log), random); }
  void close() { store_.reset(); }
  bool has_user(const std::string& name) { return run_task(store_->users.find(name)).has_value(); }
  // Which schema a copy has, and whether the user is in it.
  static void expect_copy(const std::string& path, std::int64_t schema, const std::string& user) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    const std::string query =
        "SELECT (SELECT user_version FROM pragma_user_version), (SELECT "
        "integrity_check FROM pragma_integrity_check), (SELECT count(*) FROM "
        "users WHERE sub = '" +
        user + "')";
    sqlite3_stmt* row = nullptr;
    ASSERT_EQ(sqlite3_prepare_v2(db, query.c_str(), -1, &row, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    ASSERT_EQ(sqlite3_step(row), SQLITE_ROW);
    EXPECT_EQ(sqlite3_column_int64(row, 0), schema);
    EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(row, 1)), "ok");
    EXPECT_EQ(sqlite3_column_int(row, 2), 1);
    sqlite3_finalize(row);
    sqlite3_close(db);
  }
  std::vector<std::string> copies() const {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(folder_.path())) {
      const auto name = file.path().filename().string();
      if (name.find("before") != std::string::npos) names.push_back(file.path().string());
    }
    return names;
  }

  SyncVfs vfs;
  store::SqliteOptions options;
  std::int64_t newest = 0;
  std::string copy;
  KeptLog log;
  ScriptedRandom random;

 private:
  TempFolder folder_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(MigrationCopy, holds_what_there_was_and_is_for_its_owner_alone) {
  left_behind(kEarlier, "ada");
  const auto mask = ::umask(0);
  open();
  ::umask(mask);
  EXPECT_TRUE(has_user("ada"));
  EXPECT_EQ(copies(), std::vector{copy});
  struct stat status{};
  ASSERT_EQ(::stat(copy.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777u, 0600u);
  expect_copy(copy, kEarlier, "ada");
}

TEST_F(MigrationCopy, nothing_is_copied_when_nothing_can_be_lost) {
  open();
  EXPECT_TRUE(copies().empty());
  close();
  open();  // and none at the starts that follow
  EXPECT_TRUE(copies().empty());
}

// The way back of docs/how-to/upgrade.md.
TEST_F(MigrationCopy, is_a_database_to_go_back_to) {
  left_behind(kEarlier, "ada");
  open();
  close();
  fs::remove(options.path());
  fs::copy_file(copy, options.path());
  EXPECT_EQ(store::look_at_sqlite(options).found, std::int64_t{kEarlier});
  open();
  EXPECT_TRUE(has_user("ada"));
}

TEST_F(MigrationCopy, those_of_earlier_upgrades_go_when_this_one_is_done) {
  left_behind(kEarlier, "ada");
  const auto earlier = store::sqlite::copy_before_schema(options.path(), newest - 1);
  std::ofstream(earlier) << "of last year";
  vfs.set_disk_full(true);
  options.vfs = vfs.name();
  EXPECT_NE(why_not(), "");
  EXPECT_TRUE(fs::exists(earlier));
  vfs.set_disk_full(false);
  open();
  EXPECT_EQ(copies(), std::vector{copy});
}

TEST_F(MigrationCopy, a_disk_without_room_is_refused_and_nothing_is_changed) {
  left_behind(kEarlier, "ada");
  options.vfs = vfs.name();
  vfs.set_disk_full(true);
  const auto why = why_not();
  EXPECT_NE(why.find("before its upgrade (the disk is full): nothing was changed"),
            std::string::npos)
      << why;
  EXPECT_TRUE(copies().empty());
  vfs.set_disk_full(false);
  options.vfs = nullptr;
  EXPECT_EQ(store::look_at_sqlite(options).found, std::int64_t{kEarlier});
}

// Told beforehand rather than found out at the end of the disk: a file of eight TiB, all of it a
// hole but for the first pages.
TEST_F(MigrationCopy, a_database_larger_than_what_is_free_is_not_begun_with) {
  left_behind(kEarlier, "ada");
  test::meanwhile(options.path(), "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
  constexpr std::uint32_t kPages = 1U << 31;
  fs::resize_file(options.path(), std::uint64_t{kPages} * 4096);
  {
    std::fstream file(options.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(28);
    file.write("\x80\0\0\0", 4);
  }
  const auto why = why_not();
  EXPECT_NE(why.find("make room and start again; nothing was changed"), std::string::npos) << why;
  EXPECT_TRUE(copies().empty());
}

// Whatever step fails: no half copy by the name of a whole one, the old database as it was, and the
// next start makes it good.
TEST_F(MigrationCopy, an_upgrade_interrupted_anywhere_is_made_good) {
  left_behind(kEarlier, "ada");
  TempFolder original;
  fs::copy(options.directory, original.path());
  options.vfs = vfs.name();
  int faults = 0;
  for (const auto call : {Call::write, Call::sync}) {
    for (std::size_t n = 0;; n += call == Call::write ? 3 : 1) {
      for (const auto& file : fs::directory_iterator(options.directory)) fs::remove(file.path());
      fs::copy(original.path(), options.directory);
      vfs.fail_nth(call, n, n % 2 == 0 ? Fault::io_error : Fault::short_write);
      why_not();
      close();
      const bool failed = !vfs.fault_is_pending();
      vfs.fail_no_more();
      if (!failed) break;
      ++faults;
      for (const auto& file : copies()) {
        EXPECT_EQ(file, copy) << n;
        expect_copy(file, kEarlier, "ada");
      }
      ASSERT_EQ(why_not(), "") << n;
      EXPECT_TRUE(has_user("ada")) << n;
      close();
    }
  }
  EXPECT_GT(faults, 15);
}

TEST_F(MigrationCopy, what_an_interrupted_copy_left_is_no_hindrance) {
  left_behind(kEarlier, "ada");
  std::ofstream(copy) << "of an attempt that failed";
  std::ofstream(copy + ".unfinished") << "half";
  open();
  EXPECT_EQ(copies(), std::vector{copy});
  expect_copy(copy, kEarlier, "ada");
}

}  // namespace
}  // namespace claviger::test
