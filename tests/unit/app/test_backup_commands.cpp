// Backups are made, looked at and made a data folder of; what may not be is refused with a
// sentence.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/backup_commands.hpp"
#include "app/store_commands.hpp"
#include "crypto/system_random.hpp"
#include "store/sqlite/open.hpp"
#include "store/store.hpp"
#include "tests/support/null_log.hpp"
#include "tests/support/records.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_folder.hpp"

namespace claviger::app {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using test::run_task;

class BackupCommands : public testing::Test {
 protected:
  BackupCommands() {
    loaded.settings.data.directory = folder.path() + "/data";
    loaded.settings.keys.algs = {};
  }
  json::object make(bool with_key = false) {
    return back_up(loaded, {file, with_key}, [this](const std::string&) { ++told; });
  }
  json::object restored(cli::RestoreRequest request = {}) {
    request.file = file;
    if (!request.folder && !request.verify_only) request.folder = folder.path() + "/new";
    return restore(loaded, request, [this](const std::string&) { ++told; });
  }
  template <class Work>
  static std::string refusal(const Work& work) {
    try {
      work();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "done";
  }
  // A grant with a family that was refreshed at `at`.
  void add_grant(Time at) {
    store::SqliteOptions options;
    options.directory = loaded.settings.data.directory;
    store::Store store(store::open_sqlite(options, log), random);
    auto code = test::a_code(random, at);
    run_task(store.codes.issue(test::an_answer(code)));
    auto plan = test::a_redeem_plan(random, code);
    plan.now = plan.family->rotated_at = at;
    run_task(store.codes.redeem(plan));
  }
  static std::string bytes_in(const std::string& path) {
    std::ifstream bytes(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(bytes), {}};
  }
  static void spoil(const std::string& path, std::streamoff at) {
    std::fstream bytes(path, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(at);
    bytes.write("\xff\xff\xff\xff\xff\xff\xff\xff", 8);
  }

  test::TempFolder folder;
  const std::string file = folder.path() + "/today";
  config::Loaded loaded;
  crypto::SystemRandom random;
  test::KeptLog log;
  int told = 0;
};

TEST_F(BackupCommands, made_looked_at_and_restored) {
  const auto made = make();
  EXPECT_EQ(made.at("file").as_string(), file);
  EXPECT_EQ(fs::file_size(file), static_cast<std::uintmax_t>(made.at("bytes").to_number<int>()));
  EXPECT_TRUE(made.at("master_key").is_null());
  EXPECT_FALSE(fs::exists(file + ".master.key"));
  const auto before = bytes_in(file);
  const auto seen = restored({.verify_only = true});
  EXPECT_TRUE(seen.at("sound").as_bool());
  EXPECT_GE(seen.at("sealed_keys").to_number<int>(), 3);
  EXPECT_TRUE(seen.contains("taken_at"));
  EXPECT_EQ(bytes_in(file), before);
  EXPECT_FALSE(fs::exists(file + "-wal"));
  const auto done = restored();
  EXPECT_GT(done.at("storage_epoch").to_number<int>(), made.at("storage_epoch").to_number<int>());
  EXPECT_TRUE(fs::exists(folder.path() + "/new/master.key"));
  for (const auto& entry : fs::directory_iterator(folder.path() + "/new")) {
    const auto name = entry.path().filename().string();
    EXPECT_TRUE(name == "claviger.db" || name == "master.key" || name == "lock") << name;
  }
  EXPECT_GT(told, 0);
}

TEST_F(BackupCommands, the_key_beside_it_is_the_one) {
  const auto made = make(true);
  EXPECT_EQ(made.at("master_key").as_string(), file + ".master.key");
  EXPECT_EQ(fs::status(file + ".master.key").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  fs::remove_all(loaded.settings.data.directory);
  EXPECT_TRUE(restored({.verify_only = true}).at("sound").as_bool());
  std::ofstream(file + ".master.key") << std::string(32, 'x');
  EXPECT_NE(refusal([&] { restored({.verify_only = true}); }).find("can't be opened"),
            std::string::npos);
  fs::remove(file + ".master.key");
  EXPECT_NE(refusal([&] { restored({.verify_only = true}); }).find("no master key"),
            std::string::npos);
}

TEST_F(BackupCommands, never_over_a_database_or_what_is_left_of_one) {
  make();
  for (const char* name : {"claviger.db", "claviger.db-wal"}) {
    const auto place = folder.path() + "/" + name + "-there";
    fs::create_directory(place);
    fs::permissions(place, fs::perms::owner_all);
    std::ofstream(place + "/" + name) << "somebody's";
    const auto said = refusal([&] { restored({.folder = place}); });
    EXPECT_NE(said.find("there already"), std::string::npos) << said;
  }
  EXPECT_NE(refusal([&] { make(); }).find("there already"), std::string::npos);
}

TEST_F(BackupCommands, what_is_damaged_or_no_backup_is_not_restored) {
  make();
  spoil(file, 4096 * 3 + 4);
  EXPECT_NE(refusal([&] { restored(); }).find("damaged"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder.path() + "/new/claviger.db"));
  std::ofstream(file, std::ios::trunc) << "a letter to somebody";
  EXPECT_NE(refusal([&] { restored(); }).find("can't be read"), std::string::npos);
  fs::remove(file);
  EXPECT_NE(refusal([&] { restored(); }).find("there is no file"), std::string::npos);
}

TEST_F(BackupCommands, revoke_since_ends_what_was_in_use) {
  make();
  fs::remove(file);
  const auto now = std::chrono::time_point_cast<Duration>(SystemClock().now());
  add_grant(now - std::chrono::hours(2));
  add_grant(now - std::chrono::minutes(5));
  make();
  EXPECT_EQ(restored({.folder = folder.path() + "/all"}).at("live_families"), 2);
  const auto done = restored({.revoke_since = now - std::chrono::hours(1)});
  EXPECT_EQ(done.at("revoked"), 1);
  EXPECT_EQ(done.at("live_families"), 1);
}

TEST_F(BackupCommands, new_epoch_without_a_server) {
  make();
  EXPECT_EQ(raise_epoch(loaded).at("storage_epoch"), 2);
  EXPECT_EQ(raise_epoch(loaded).at("storage_epoch"), 3);
  loaded.settings.data.directory = folder.path() + "/nowhere";
  EXPECT_NE(refusal([&] { raise_epoch(loaded); }).find("is not there"), std::string::npos);
}

TEST_F(BackupCommands, postgres_has_tools_of_its_own) {
  loaded.settings.store.url = Secret("postgresql:///claviger");
  EXPECT_NE(refusal([&] { make(); }).find("pg_basebackup"), std::string::npos);
}

}  // namespace
}  // namespace claviger::app
