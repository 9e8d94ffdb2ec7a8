// T-40: a backup is made while clients work, and a new folder is made of it: what was used once
// since then can't be used again (I1), refresh tokens go on (I2), and the backup itself is sound.
#include <fmt/format.h>

#include <thread>

#include "base/json.hpp"
#include "tests/chaos/chaos_test.hpp"
#include "tests/chaos/journal.hpp"
#include "tests/chaos/many_grants.hpp"

namespace claviger::test {
namespace {

namespace fs = std::filesystem;
using boost::json::object;

class T40BackupUnderLoad : public Chaos {
 protected:
  const std::uint64_t seed = chaos_seed();
  std::mt19937_64 random{seed};
  TempFolder elsewhere;
  const std::string file = elsewhere.path() + "/claviger.backup";
  const std::string restored = elsewhere.path() + "/restored";
  std::vector<std::unique_ptr<JournalledClient>> clients;
  std::unique_ptr<ServerProcess> server;

  void SetUp() override { home.environment["CLAVIGER_TOKENS__REFRESH_RETRY_GRACE"] = "1m"; }

  void start() {
    server = std::make_unique<ServerProcess>(home);
    ASSERT_TRUE(server->wait_until_ready()) << home.log();
  }
  void stop() {
    server->send(SIGTERM);
    EXPECT_EQ(server->wait(), (Ending{.code = 0}));
  }
  object run(const std::string& arguments) {
    const auto text = run_beside(home, arguments + " --json");
    auto answer = parse_json(text, text.size());
    EXPECT_TRUE(answer && answer->is_object()) << text;
    return answer && answer->is_object() ? std::move(answer->as_object()) : object();
  }
  std::string refusal(const std::string& arguments) {
    try {
      run_beside(home, arguments);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "done";
  }
  void enrol(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      clients.push_back(std::make_unique<JournalledClient>(home.port, std::to_string(i), random()));
      ASSERT_TRUE(clients.back()->enrol()) << clients.back()->visitor().trouble;
    }
  }
  object back_up_under_load(const std::string& target) {
    std::atomic<bool> stop = false;
    std::vector<std::jthread> threads;
    for (auto& client : clients) {
      threads.emplace_back([&stop, one = client.get()] { one->load_until(stop); });
    }
    std::this_thread::sleep_for(Milliseconds(100));
    auto made = run("backup " + target + " --with-master-key");
    stop = true;
    return made;
  }
  Tally look_back(Visitor& visitor) {
    Tally total;
    for (auto& client : clients) {
      total.add(client->tally());
      learn(client->visitor());
    }
    learn(visitor);
    return total;
  }
  IssuedCode code_of(Visitor& visitor) {
    IssuedCode issued;
    EXPECT_EQ(status_of(visitor.authorize(issued)), 303u);
    return issued;
  }
  std::string token_of(const std::optional<Answer>& answer) {
    EXPECT_EQ(status_of(answer), 200u) << error_of(answer);
    return answer ? answer->member("refresh_token") : "";
  }
  void expect_refused(const std::optional<Answer>& answer, const char* what) {
    EXPECT_EQ(status_of(answer), 400u) << what;
    EXPECT_EQ(error_of(answer), "invalid_grant") << what;
  }
};

TEST_F(T40BackupUnderLoad, restored_in_another_folder) {
  ASSERT_NO_FATAL_FAILURE(start());
  if (is_long_form()) {
    stop();
    ManyGrants(home.database(), false).add(0, 100'000);
    ASSERT_NO_FATAL_FAILURE(start());
  }
  ASSERT_NO_FATAL_FAILURE(enrol(short_or_long(4, 16)));
  Visitor visitor(home.port, "keeper");
  ASSERT_TRUE(visitor.enrol()) << visitor.trouble;
  const auto code = code_of(visitor);
  const auto idle = token_of(visitor.redeem(code_of(visitor)));
  auto once = token_of(visitor.redeem(code_of(visitor)));
  auto twice = token_of(visitor.redeem(code_of(visitor)));
  const auto made = back_up_under_load(file);
  ASSERT_TRUE(fs::exists(file));
  // What the restored one will know nothing of.
  const auto unheard_of = token_of(visitor.redeem(code));
  once = token_of(visitor.refresh(once));
  twice = token_of(visitor.refresh(token_of(visitor.refresh(twice))));

  const auto seen = run("restore " + file + " --verify");
  EXPECT_TRUE(seen.at("sound").as_bool());
  EXPECT_GT(seen.at("refresh_families").to_number<int>(), 0);
  stop();
  const auto begun = std::chrono::steady_clock::now();
  const auto done = run("restore " + file + " --to " + restored);
  const auto took = std::chrono::steady_clock::now() - begun;
  EXPECT_EQ(done.at("storage_epoch").to_number<int>(), 3);  // the mark's, and the command's
  EXPECT_GT(done.at("live_families").to_number<int>(), 0);
  home.keep_data_in(restored);
  ASSERT_NO_FATAL_FAILURE(start());
  visitor.reconnect();

  expect_refused(visitor.redeem(code), "a code of before (I1)");
  expect_refused(visitor.refresh(unheard_of), "of a grant that is lost");
  expect_refused(visitor.refresh(twice), "two steps ahead");
  token_of(visitor.refresh(idle));
  const auto next = token_of(visitor.refresh(once));
  token_of(visitor.refresh(next));
  expect_refused(visitor.refresh(once), "the one of the future a second time");
  token_of(visitor.redeem(code_of(visitor)));

  const auto total = look_back(visitor);
  EXPECT_EQ(canary.count_in(bytes_of(file)), 0u) << "a secret is in the backup";
  EXPECT_TRUE(total.violations.empty()) << total.violations.front();
  report(fmt::format(
      "T-40 seed={} clients={} acknowledged={} shed={} backup_bytes={} backup_ms={} restore_ms={} "
      "violations={}",
      seed, clients.size(), total.acknowledged, total.shed,
      made.at("bytes").to_number<std::int64_t>(), made.at("milliseconds").to_number<std::int64_t>(),
      std::chrono::duration_cast<Milliseconds>(took).count(),
      violations_so_far() + static_cast<int>(total.violations.size())));
}

TEST_F(T40BackupUnderLoad, nothing_is_written_over_and_no_place_is_taken_that_may_not_be) {
  ServerProcess server(home);
  ASSERT_TRUE(server.wait_until_ready()) << home.log();
  EXPECT_NE(refusal("backup " + home.data() + "/copy").find("data folder"), std::string::npos);
  EXPECT_NE(refusal("backup " + elsewhere.path() + "/no/copy").find("no folder"),
            std::string::npos);
  run("backup " + file);
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(file + ".unfinished"));
  EXPECT_FALSE(fs::exists(file + ".master.key"));
  EXPECT_NE(refusal("backup " + file).find("there already"), std::string::npos);
  EXPECT_NE(refusal("restore " + file).find("another server"), std::string::npos);
  EXPECT_NE(refusal("restore " + home.database() + " --verify").find("in use"), std::string::npos);
  // By hand, and without a word: still another incarnation.
  fs::create_directory(restored);
  fs::permissions(restored, fs::perms::owner_all);
  fs::copy_file(file, restored + "/claviger.db");
  fs::copy_file(home.data() + "/master.key", restored + "/master.key");
  ServerHome by_hand;
  by_hand.keep_data_in(restored);
  ServerProcess other(by_hand);
  ASSERT_TRUE(other.wait_until_ready()) << by_hand.log();
  EXPECT_NE(by_hand.log().find("store.epoch_raised"), std::string::npos);
}

}  // namespace
}  // namespace claviger::test
