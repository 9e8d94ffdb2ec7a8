// Everything moves from one engine to the other and back, and is the same afterwards.
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "store/copy.hpp"
#include "tests/support/store_verbs.hpp"

namespace claviger::test {
namespace {

std::set<std::string> tables_of_the_schema() {
  std::set<std::string> names;
  const std::regex create_line(R"(^CREATE TABLE (\w+) \()");
  const auto folder = std::string(CLAVIGER_SOURCE_DIR) + "/src/store/migrations/sqlite";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::ifstream script(file.path());
    for (std::string line; std::getline(script, line);) {
      std::smatch match;
      if (std::regex_search(line, match, create_line)) names.insert(match[1].str());
    }
  }
  return names;
}

class CopyContract : public StoreTest {
 protected:
  std::vector<store::CopiedTable> copy(store::sql::Driver& from, store::sql::Driver& to) {
    return run_task(store::copy_everything(from, to, [](const store::CopiedTable&) {}));
  }
  // A bit of everything, and more clients than go at once.
  void fill() {
    for (const auto& verb : all_verbs()) {
      VerbScene scene{&store(), &random};
      try {
        scene.arrange();
        if (verb.prepare) verb.prepare(scene);
      } catch (const std::exception&) {  // a record that an earlier scene made already
      }
    }
    for (int i = 0; i < 600; ++i) {
      run_task(store().clients.add(a_client("client \xc3\xa9 " + std::to_string(i))));
    }
  }
};
CLAVIGER_ON_EVERY_ENGINE(CopyContract);

TEST_P(CopyContract, everything_arrives_and_comes_back) {
  fill();
  SqliteDatabase middle_database;
  const auto middle = middle_database.open(log);
  const auto there = copy(store().driver(), *middle);
  std::set<std::string> copied{"store"};
  std::int64_t rows = 0;
  for (const auto& table : there) {
    copied.insert(table.name);
    rows += table.rows;
  }
  // Who serves, and who works for all, is said anew by whoever serves from the copy.
  copied.insert({"leases", "nodes"});
  EXPECT_EQ(copied, tables_of_the_schema());
  EXPECT_GT(rows, 600);
  const auto end_database = GetParam().make();
  const auto end = end_database->open(log);
  const auto back = copy(*middle, *end);
  ASSERT_EQ(back.size(), there.size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    EXPECT_EQ(back[i].rows, there[i].rows) << back[i].name;
    EXPECT_EQ(back[i].checksum, there[i].checksum) << back[i].name;
  }
}

// What was issued before stays good where it went, and would be good twice where it was.
TEST_P(CopyContract, I1_the_storage_epoch_moves_along_and_is_another_one_behind) {
  const auto raised = run_task(store().storage_epochs.raise(kNow));
  const auto target_database = GetParam().make();
  copy(store().driver(), *target_database->open(log));
  store::Store moved(target_database->open(log), random);
  const auto there = run_task(moved.storage_epochs.find());
  EXPECT_EQ(there.number, raised.number);
  EXPECT_EQ(there.since, kNow);
  open();
  execute({"UPDATE store SET epoch_since = epoch_since", {}});
  const auto here = run_task(store().storage_epochs.find());
  EXPECT_EQ(here.number, raised.number + 1);
  EXPECT_NE(here.since, kNow);
}

TEST_P(CopyContract, a_target_that_is_not_empty_is_left_alone) {
  run_task(store().clients.add(a_client()));
  SqliteDatabase other_database;
  const auto other = other_database.open(log);
  EXPECT_THROW(copy(*other, store().driver()), std::runtime_error);
  EXPECT_EQ(count("SELECT count(*) FROM clients"), 1);
}

}  // namespace
}  // namespace claviger::test
