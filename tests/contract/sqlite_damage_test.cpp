// T-10 at the store: a file that is damaged is only read, and one that is not what the last server
// left is refused before its log is taken over.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "store/sqlite/open.hpp"
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class T10ServedFile : public testing::Test {
 protected:
  T10ServedFile() {
    options.directory = folder_.path() + "/data";
    options.serves = true;
    options.check_after = 1h;
    fs::create_directory(options.directory);
    ::chmod(options.directory.c_str(), 0700);
  }
  void open() { store_ = std::make_unique<store::Store>(store::open_sqlite(options, log), random); }
  void close() { store_.reset(); }
  store::Store& store() { return *store_; }
  Code issue() {
    const Code code = a_code(random);
    run_task(store().codes.issue(an_answer(code)));
    return code;
  }
  // As a kill leaves it: all files, while they are open.
  void keep_as(const std::string& name) {
    fs::copy(options.directory, folder_.path() + "/" + name);
  }
  void put_back(const std::string& name) {
    close();
    fs::remove_all(options.directory);
    fs::copy(folder_.path() + "/" + name, options.directory);
    ::chmod(options.directory.c_str(), 0700);
    fs::remove(options.path() + "-shm");
  }
  std::string why_not() {
    try {
      open();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }
  void damage() {
    std::fstream file(options.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-4096 + 8, std::ios::end);
    file << std::string(2000, '\x5a');
  }

  store::SqliteOptions options;
  KeptLog log;
  ScriptedRandom random;

 private:
  TempFolder folder_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(T10ServedFile, opens_again_after_a_stop_and_after_a_kill) {
  open();
  issue();
  close();
  open();
  const Code last = issue();
  keep_as("killed");
  close();
  open();
  put_back("killed");
  EXPECT_EQ(why_not(), "");
  EXPECT_TRUE(run_task(store().codes.find(last.selector)));
  // Killed again, before and after the stamp was renewed.
  keep_as("killed again");
  put_back("killed again");
  EXPECT_EQ(why_not(), "");
}

TEST_F(T10ServedFile, a_missing_log_is_noticed) {
  open();
  issue();
  keep_as("killed");
  put_back("killed");
  fs::remove(options.path() + "-wal");
  EXPECT_NE(why_not().find("-wal is missing"), std::string::npos) << why_not();
  EXPECT_NE(why_not().find("claviger restore"), std::string::npos);
  EXPECT_FALSE(fs::exists(options.path() + "-wal")) << "it was opened all the same";
}

TEST_F(T10ServedFile, an_older_copy_is_noticed) {
  open();
  issue();
  keep_as("older");
  close();
  open();
  close();
  const auto stamp = options.path() + "-run";
  const auto newest = fs::path(stamp).parent_path().parent_path() / "stamp";
  fs::copy_file(stamp, newest);
  put_back("older");
  fs::copy_file(newest, stamp, fs::copy_options::overwrite_existing);
  EXPECT_NE(why_not().find("older copy"), std::string::npos) << why_not();
  EXPECT_NE(why_not().find("claviger store new-epoch"), std::string::npos);
  // What is meant to be so is another incarnation, and opens.
  options.serves = false;
  open();
  run_task(store().storage_epochs.accept(kNow));
  close();
  options.serves = true;
  EXPECT_EQ(why_not(), "");
}

TEST_F(T10ServedFile, nothing_of_it_is_noticed) {
  open();
  issue();
  close();
  fs::resize_file(options.path(), 0);
  EXPECT_NE(why_not().find("is empty"), std::string::npos) << why_not();
}

TEST_F(T10ServedFile, half_a_page_at_the_end_is_noticed) {
  open();
  issue();
  close();
  fs::resize_file(options.path(), fs::file_size(options.path()) - 100);
  EXPECT_NE(why_not().find("cut off"), std::string::npos) << why_not();
}

TEST_F(T10ServedFile, somebody_who_takes_it_away_begins_anew) {
  open();
  close();
  fs::remove(options.path());
  EXPECT_EQ(why_not(), "");
}

TEST_F(T10ServedFile, what_is_damaged_is_found_and_only_read) {
  options.serves = false;
  open();
  for (int i = 0; i < 200; ++i) issue();
  run_task(store().clients.add(a_client()));
  close();
  damage();
  options.serves = true;
  options.check_after = 1ms;
  open();
  const auto give_up = std::chrono::steady_clock::now() + 60s;
  while (store().driver().damage().empty() && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::yield();
  }
  EXPECT_NE(store().driver().damage().find("claviger restore"), std::string::npos);
  EXPECT_FALSE(store().driver().writable());
  EXPECT_THROW(issue(), store::Damaged);
  // Nor is what lies beside the damage.
  auto other = a_client();
  other.client_id = "other";
  EXPECT_THROW(run_task(store().clients.add(other)), store::Damaged);
  EXPECT_TRUE(run_task(store().clients.find("shop")));
  const auto size = fs::file_size(options.path());
  close();
  EXPECT_EQ(fs::file_size(options.path()), size);
}

TEST_F(T10ServedFile, a_sound_one_is_said_to_be) {
  options.check_after = 1ms;
  open();
  const auto give_up = std::chrono::steady_clock::now() + 60s;
  const auto was_checked = [this] {
    return std::ranges::any_of(log.entries(),
                               [](const auto& entry) { return entry.event == "store.checked"; });
  };
  while (!was_checked() && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::yield();
  }
  EXPECT_TRUE(was_checked());
  EXPECT_EQ(store().driver().damage(), "");
  EXPECT_TRUE(run_task(store().codes.find(issue().selector)));
}

}  // namespace
}  // namespace claviger::test
