// GET /readyz: what it says and when it sends requests elsewhere (T-29, T-30, T-32).
#include "endpoints/health.hpp"

#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

class Health : public testing::Test {
 protected:
  // The status of the answer, with its own word for it.
  std::pair<unsigned, std::string> readiness() {
    const auto response = site.get("/readyz");
    return {response.status, text_of(response, "status")};
  }
  std::string check(std::string_view name) {
    const auto body = json_of(site.get("/readyz"));
    return std::string(json_text(body.at("checks").as_object(), name).value_or(""));
  }
  void found(endpoints::DatabaseState state) {
    site.node().on_database_state([state] { return state; });
  }

  Site site;
  endpoints::Readiness& stands = *site.node().deps().readiness;
};
using Answer = std::pair<unsigned, std::string>;

TEST_F(Health, IsReady) {
  EXPECT_EQ(readiness(), Answer(200, "ready"));
  for (const char* name : {"database", "migrations", "keys", "clock"}) {
    EXPECT_EQ(check(name), "ok") << name;
  }
}

TEST_F(Health, T32_DrainingIsNotReady) {
  stands.draining = true;
  EXPECT_EQ(readiness(), Answer(503, "draining"));
  EXPECT_EQ(site.get("/livez").status, 200u);
  EXPECT_EQ(site.get("/jwks").status, 200u);
}

// Every node would say so at once, and nobody would be left to answer.
TEST_F(Health, T30_AWrongClockDegradesAndSendsNobodyAway) {
  stands.clock_spread = 60'000'000;
  EXPECT_EQ(readiness(), Answer(200, "degraded"));
  EXPECT_EQ(check("clock"), "nodes differ by 60.0 s");
  stands.clock_offset = -61'000'000;
  EXPECT_EQ(check("clock"), "off the database's by -61.0 s");
  stands.clock_jump = 3'600'000'000;
  EXPECT_EQ(check("clock"), "jumped by 3600.0 s");
  stands.clock_spread = stands.clock_offset = 9'000'000;
  stands.clock_jump = 0;
  EXPECT_EQ(readiness(), Answer(200, "ready"));
}

TEST_F(Health, ADatabaseOfANewerReleaseIsNotReady) {
  store::sql::Operation upgrade;
  upgrade.push_back({"UPDATE store SET compatible_from = 1000", {}});
  run_task(site.node().store().driver().commit(std::move(upgrade)));
  EXPECT_EQ(readiness(), Answer(503, "not ready"));
  EXPECT_EQ(check("migrations"), "of a newer release");
  EXPECT_EQ(check("database"), "ok");
}

TEST_F(Health, SaysWhatIsWrongWithTheDatabase) {
  using enum endpoints::DatabaseState;
  const std::pair<endpoints::DatabaseState, std::string> rows[] = {
      {unavailable, "unavailable"}, {silent, "does not answer"}, {not_writable, "not writable"}};
  for (const auto& [state, word] : rows) {
    found(state);
    EXPECT_EQ(readiness(), Answer(503, "not ready")) << word;
    EXPECT_EQ(check("database"), word);
  }
  found(ok);
  EXPECT_EQ(readiness(), Answer(200, "ready"));
}

}  // namespace
}  // namespace claviger::test
