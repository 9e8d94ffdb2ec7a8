// What holds for every verb, whatever it does: the loser changes nothing, and a failure at any
// statement leaves everything as it was.
#include <filesystem>
#include <fstream>
#include <list>
#include <numeric>
#include <regex>
#include <set>
#include <sstream>

#include "tests/support/store_verbs.hpp"
#include "tests/support/watched_driver.hpp"

namespace claviger::test {
namespace {

// Reads only, and what verbs are made of; everything else in the headers must be in all_verbs().
const std::set<std::string> kFinders{"Clients::find",
                                     "Clients::find_at",
                                     "Clients::find_now",
                                     "Clients::read",
                                     "Clients::change",
                                     "Standings::find",
                                     "Standings::find_alone",
                                     "Clients::list",
                                     "Clients::count_self_registered",
                                     "ClientLogos::find",
                                     "Users::find",
                                     "Users::find_by_login",
                                     "Users::list",
                                     "Sessions::find",
                                     "Sessions::find_live",
                                     "Sessions::find_live_with_user",
                                     "Sessions::clients",
                                     "Sessions::count_live",
                                     "Transactions::find",
                                     "Consents::find",
                                     "Consents::epoch",
                                     "Consents::list",
                                     "Codes::find",
                                     "Codes::find_with_standing",
                                     "DeviceCodes::find",
                                     "DeviceCodes::find_waiting",
                                     "Grants::find",
                                     "Grants::find_with_standing",
                                     "Grants::is_denied",
                                     "Grants::find_family",
                                     "Grants::count_live_families",
                                     "StorageEpochs::find",
                                     "OpaqueTokens::find",
                                     "Logouts::due",
                                     "LogoutRequests::find",
                                     "InitialAccessTokens::find",
                                     "InitialAccessTokens::list",
                                     "ServerKeys::all",
                                     "Throttles::find",
                                     "Leases::list",
                                     "Nodes::list"};

std::set<std::string> functions_in_headers() {
  std::set<std::string> names;
  const std::regex class_line(R"(^class (\w+) \{)");
  const std::regex function_line(R"(^  Task<.*?>+ (\w+)\()");
  for (const auto& file :
       std::filesystem::directory_iterator(std::string(CLAVIGER_SOURCE_DIR) + "/src/store")) {
    if (file.path().extension() != ".hpp") continue;
    std::ifstream header(file.path());
    std::string line;
    std::string type;
    while (std::getline(header, line)) {
      std::smatch match;
      if (std::regex_search(line, match, class_line)) type = match[1];
      if (std::regex_search(line, match, function_line)) {
        names.insert(type + "::" + match[1].str());
      }
    }
  }
  return names;
}

// As the migrations make them. Kept for good, as texts of statements must be.
const std::list<std::string>& queries_of_all_tables() {
  static const auto queries = [] {
    std::list<std::string> all;
    const std::regex create_line(R"(^CREATE TABLE (\w+) \()");
    for (const auto& file : std::filesystem::directory_iterator(std::string(CLAVIGER_SOURCE_DIR) +
                                                                "/src/store/migrations/sqlite")) {
      std::ifstream script(file.path());
      for (std::string line; std::getline(script, line);) {
        std::smatch match;
        if (std::regex_search(line, match, create_line)) {
          all.push_back("SELECT * FROM " + match[1].str());
        }
      }
    }
    return all;
  }();
  return queries;
}

TEST(AllVerbs, are_those_of_the_headers) {
  std::set<std::string> known = kFinders;
  for (const auto& verb : all_verbs()) known.insert(verb.name);
  const auto written = functions_in_headers();
  for (const auto& name : written) EXPECT_TRUE(known.contains(name)) << name << " is not listed";
  for (const auto& name : known) EXPECT_TRUE(written.contains(name)) << name << " is gone";
}

class VerbsContract : public StoreTest {
 protected:
  void SetUp() override {}  // each verb on a database of its own

  VerbScene scene_for(const Verb& verb) {
    open([this](auto inner) {
      auto watched = std::make_unique<WatchedDriver>(std::move(inner));
      driver_ = watched.get();
      return watched;
    });
    VerbScene scene{&store(), &random};
    scene.arrange();
    if (verb.prepare) verb.prepare(scene);
    driver_->take_changed();
    return scene;
  }

  // Every row of every table.
  std::string everything() {
    std::ostringstream all;
    for (const auto& query : queries_of_all_tables()) {
      for (const auto& row : run_task(store().driver().read({query, {}}))) add_row(all, row);
    }
    return all.str();
  }

  WatchedDriver* driver_ = nullptr;

 private:
  static void add_row(std::ostream& out, const store::sql::Row& row) {
    for (const auto& value : row.columns()) {
      if (const auto* number = std::get_if<std::int64_t>(&value)) out << *number;
      if (const auto* text = std::get_if<std::string>(&value)) out << *text;
      if (const auto* bytes = std::get_if<store::sql::Blob>(&value)) out << as_text(*bytes);
      out << '|';
    }
    out << '\n';
  }
};
CLAVIGER_ON_EVERY_ENGINE(VerbsContract);

std::int64_t sum(const std::vector<std::int64_t>& changed) {
  return std::accumulate(changed.begin(), changed.end(), std::int64_t{0});
}

TEST_P(VerbsContract, the_winner_changes_something) {
  for (const auto& verb : all_verbs()) {
    auto scene = scene_for(verb);
    verb.winner(scene);
    EXPECT_GT(sum(driver_->take_changed()), 0) << verb.name;
    reset_database();
  }
}

// The heart of single use: what the loser's later statements ask is who won, never what state the
// row is in, which would be true for the loser as well.
TEST_P(VerbsContract, CI_01_no_statement_of_a_loser_changes_a_row) {
  for (const auto& verb : all_verbs()) {
    if (!verb.loser) continue;
    auto scene = scene_for(verb);
    verb.winner(scene);
    driver_->take_changed();
    const auto before = everything();
    verb.loser(scene);
    const auto changed = driver_->take_changed();
    EXPECT_FALSE(changed.empty()) << verb.name;
    EXPECT_EQ(sum(changed), 0) << verb.name;
    EXPECT_EQ(everything(), before) << verb.name;
    reset_database();
  }
}

// Storage fails behind each statement in turn: nothing of the verb stays, and the next try
// succeeds.
TEST_P(VerbsContract, a_failure_at_any_statement_leaves_nothing_behind) {
  for (const auto& verb : all_verbs()) {
    auto scene = scene_for(verb);
    int failures = 0;
    for (std::size_t n = 0;; ++n) {
      const auto before = everything();
      driver_->spoil_after(n);
      // The sweeper is a list of operations: those before the failure stay.
      if (verb.name == "Store::sweep" && n > 0) break;
      try {
        verb.winner(scene);
      } catch (const store::Unavailable&) {
        EXPECT_EQ(everything(), before) << verb.name << " behind statement " << n;
        ++failures;
        continue;
      }
      break;
    }
    EXPECT_GT(failures, 0) << verb.name;
    EXPECT_TRUE(driver_->spoil_is_pending()) << verb.name;
    driver_->spoil_nothing();
    reset_database();
  }
}

}  // namespace
}  // namespace claviger::test
