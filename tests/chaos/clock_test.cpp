// T-29 on the real binary: its clock is set wrong while it serves, by libfaketime. Nothing that was
// used up works again, nothing is deleted, the keys stay published, and the server says that its
// clock is wrong; when the clock is right again, everything is as before.
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "tests/chaos/chaos_test.hpp"

namespace claviger::test {
namespace {

constexpr const char* kFakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

struct Spent {
  IssuedCode code;
  std::string access;
  std::string refresh;
};

class T29ClockSetWrong : public Chaos {
 protected:
  void SetUp() override {
    ASSERT_EQ(::access(kFakeTime, R_OK), 0) << "./dev setup test installs libfaketime";
    set_clock("+0");
    home.environment["LD_PRELOAD"] = kFakeTime;
    home.environment["FAKETIME_TIMESTAMP_FILE"] = clock_file();
    home.environment["FAKETIME_NO_CACHE"] = "1";
    // The machine's uptime is not what somebody sets.
    home.environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
    home.environment["NO_FAKE_STAT"] = "1";
    home.environment["CLAVIGER_TOKENS__ACCESS_TOKEN_TTL"] = "1d";
    server = std::make_unique<ServerProcess>(home);
    ASSERT_TRUE(server->wait_until_ready()) << home.log();
    ASSERT_TRUE(visitor.enrol()) << visitor.trouble;
    live = tokens();
    spend();
    all_keys = kids();
    ASSERT_FALSE(all_keys.empty());
  }
  void TearDown() override {
    learn(visitor);
    Chaos::TearDown();
  }
  std::string clock_file() const { return home.folder() + "/clock"; }
  // Never half of it: the server reads it at any moment.
  void set_clock(const std::string& to) {
    std::ofstream(clock_file() + "-new") << to << "\n";
    std::filesystem::rename(clock_file() + "-new", clock_file());
  }
  Answer tokens() {
    IssuedCode issued;
    visitor.authorize(issued);
    last_code = issued;
    const auto answer = visitor.redeem(issued);
    EXPECT_EQ(status_of(answer), 200u);
    return answer.value_or(Answer{});
  }
  // A code that was shown twice: its grant is revoked.
  void spend() {
    const auto answer = tokens();
    spent = {last_code, answer.member("access_token"), answer.member("refresh_token")};
    EXPECT_EQ(status_of(visitor.redeem(spent.code)), 400u);
  }
  std::string kids() {
    const auto answer = visitor.get("/jwks");
    EXPECT_EQ(status_of(answer), 200u);
    return answer ? answer->body : "";
  }
  void count(const std::optional<Answer>& answer, std::initializer_list<unsigned> allowed,
             const char* what) {
    ++operations;
    const bool fits = std::ranges::find(allowed, status_of(answer)) != allowed.end();
    EXPECT_TRUE(fits) << what << ": " << status_of(answer) << " " << error_of(answer);
  }
  void expect_nothing_revived() {
    count(visitor.redeem(spent.code), {400}, "a code that was redeemed");
    count(visitor.refresh(spent.refresh), {400}, "a refresh token that was revoked");
    count(visitor.api(spent.access), {401}, "an access token that was revoked");
    EXPECT_EQ(kids(), all_keys);
    IssuedCode issued;
    count(visitor.authorize(issued), {303, 503}, "a new code");
  }
  // Before the first key's time it isn't ready, and says so.
  void wait_until_alive() {
    const auto give_up = std::chrono::steady_clock::now() + kGenerous;
    unsigned status = 0;
    while (status != 200 && std::chrono::steady_clock::now() < give_up) {
      visitor.reconnect();
      status = status_of(visitor.get("/livez"));
      ASSERT_FALSE(server->ended(Milliseconds(5)));
    }
    EXPECT_EQ(status, 200u);
  }
  // "degraded"; or "not ready", where the clock stands before the first key's time.
  void wait_until(bool wrong) {
    const auto give_up = std::chrono::steady_clock::now() + kGenerous;
    const std::string right_clock = R"("clock":"ok")";
    std::string standing = "ready";
    bool seen = false;
    while (!seen && std::chrono::steady_clock::now() < give_up) {
      const auto answer = visitor.get("/readyz");
      if (!answer) continue;
      standing = answer->member("status");
      const bool is_wrong = answer->body.find(right_clock) == std::string::npos;
      seen = is_wrong == wrong && (standing == "ready") != wrong;
      std::this_thread::sleep_for(Milliseconds(20));
    }
    EXPECT_TRUE(seen) << standing;
  }
  std::int64_t rows() {
    sqlite3* db = nullptr;
    sqlite3_open_v2(home.database().c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    std::int64_t sum = 0;
    for (const char* table : {"codes", "grants", "refresh_families", "sessions", "server_keys"}) {
      const auto query = fmt::format("SELECT count(*) FROM {}", table);
      sqlite3_stmt* statement = nullptr;
      sqlite3_prepare_v2(db, query.c_str(), -1, &statement, nullptr);
      if (sqlite3_step(statement) == SQLITE_ROW) sum += sqlite3_column_int64(statement, 0);
      sqlite3_finalize(statement);
    }
    sqlite3_close(db);
    return sum;
  }

  std::unique_ptr<ServerProcess> server;
  Visitor visitor{home.port, "traveller"};
  IssuedCode last_code;
  Answer live;
  Spent spent;
  std::string all_keys;
  std::size_t operations = 0;
};

TEST_F(T29ClockSetWrong, while_it_serves) {
  std::vector<std::string> jumps{"@2038-02-01 00:00:00"};
  if (is_long_form()) {
    jumps = {"+1h",
             "-1h",
             "+1d",
             "-1d",
             "@1970-01-02 00:00:00",
             "@2038-02-01 00:00:00",
             "@2106-03-01 00:00:00"};
  }
  for (const auto& jump : jumps) {
    SCOPED_TRACE(jump);
    const auto before = rows();
    set_clock(jump);
    wait_until(true);
    expect_nothing_revived();
    // Long enough for every round of housekeeping.
    if (is_long_form()) std::this_thread::sleep_for(std::chrono::seconds(32));
    EXPECT_GE(rows(), before) << "something was deleted";
    set_clock("+0");
    wait_until(false);
    expect_nothing_revived();
    count(visitor.api(live.member("access_token")), {200}, "a living access token");
    const auto next = visitor.refresh(live.member("refresh_token"));
    count(next, {200}, "a living refresh token");
    if (next) live = *next;
  }
  EXPECT_EQ(home.log().find("http.failed"), std::string::npos) << "a 500";
  report(fmt::format("T-29 jumps={} operations={} violations={}", jumps.size(), operations,
                     violations_so_far()));
}

// A machine without a clock of its own begins in 1970; one whose battery fails, anywhere.
TEST_F(T29ClockSetWrong, from_the_start) {
  for (const char* const at : {"@1970-01-02 00:00:00", "@2038-02-01 00:00:00"}) {
    if (!is_long_form() && std::string(at).starts_with("@2038")) break;
    SCOPED_TRACE(at);
    server->kill();
    set_clock(at);
    server = std::make_unique<ServerProcess>(home);
    wait_until_alive();
    expect_nothing_revived();
  }
  server->kill();
  set_clock("+0");
  server = std::make_unique<ServerProcess>(home);
  ASSERT_TRUE(server->wait_until_ready()) << home.log();
  visitor.reconnect();
  expect_nothing_revived();
  count(visitor.refresh(live.member("refresh_token")), {200}, "a living refresh token");
  report(fmt::format("T-29 starts operations={} violations={}", operations, violations_so_far()));
}

}  // namespace
}  // namespace claviger::test
