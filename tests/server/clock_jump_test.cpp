// T-29 with the clock in the test's hand: forward, back, to 1970 and beyond 2038. What was used up
// stays so, nothing is deleted, the keys stay where they were, and the node says that its clock is
// wrong (KY-09, KY-10).
#include <set>

#include "app/chores.hpp"
#include "tests/server/grants_world.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;

struct Jump {
  std::string name;
  std::function<Time(Time)> to;
  friend void PrintTo(const Jump& jump, std::ostream* out) { *out << jump.name; }
};

class T29ClockJump : public GrantsWorld, public testing::WithParamInterface<Jump> {
 protected:
  void SetUp() override {
    GrantsWorld::SetUp();
    add(make_signing_client("signer"));
    spent_code = fresh_code(site);
    const auto first = tokens_of(site.post("/token", code_form(spent_code)));
    stale = first.refresh;
    ended = tokens_of(site.post("/token", refresh_form(first.refresh)));
    ended = tokens_of(site.post("/token", refresh_form(ended.refresh)));
    site.post("/token", refresh_form(stale));  // theft: the family ends
    spent_assertion = assertion("signer");
    EXPECT_EQ(own(spent_assertion).status, 200u);
    live = fresh_tokens(site);
    round();
  }
  http::Response own(const std::string& signed_assertion) {
    return site.post("/token", with_assertion(form_of({{"grant_type", "client_credentials"}}),
                                              signed_assertion));
  }
  // Every chore once, as they come with time; time itself went on by a few seconds.

  void round() {
    uptime += 5s;
    for (const auto& chore : chores.all()) run_task(chores.run(chore));
  }
  void jump_to(Time to) {
    site.clock.set(to);
    for (int i = 0; i < 5; ++i) round();
  }
  std::string standing() { return text_of(site.get("/readyz"), "status"); }
  bool clock_is_wrong() {
    return site.get("/readyz").body.find(R"("clock":"ok")") == std::string::npos;
  }
  std::int64_t rows() {
    std::int64_t sum = 0;
    for (const char* query :
         {"SELECT count(*) FROM codes", "SELECT count(*) FROM grants",
          "SELECT count(*) FROM refresh_families", "SELECT count(*) FROM sessions",
          "SELECT count(*) FROM transactions", "SELECT count(*) FROM replays",
          "SELECT count(*) FROM server_keys", "SELECT count(*) FROM clients"}) {
      sum += run_task(site.node().store().driver().read({query, {}})).at(0).integer(0);
    }
    return sum;
  }
  std::set<std::string> kids() {
    std::set<std::string> found;
    const auto document = json_of(site.get("/jwks"));
    for (const auto& key : document.at("keys").as_array()) {
      found.insert(std::string(key.at("kid").as_string()));
    }
    return found;
  }
  void expect_nothing_revived() {
    EXPECT_NE(site.post("/token", code_form(spent_code)).status, 200u);
    EXPECT_NE(site.post("/token", refresh_form(stale)).status, 200u);
    EXPECT_NE(site.post("/token", refresh_form(ended.refresh)).status, 200u);
    EXPECT_EQ(site.api(ended.access).status, 401u);
    EXPECT_NE(own(spent_assertion).status, 200u);
  }

  Duration uptime = 1h;
  app::Chores chores{
      site.node(), {.node_name = "here", .rotate_every = 90 * 24h}, [this] { return uptime; }};
  std::string spent_code;
  std::string stale;
  std::string spent_assertion;
  Tokens ended;
  Tokens live;
};

TEST_P(T29ClockJump, KY_09_KY_10_nothing_revived_nothing_deleted) {
  const auto before = site.clock.now();
  const auto all_rows = rows();
  const auto all_kids = kids();
  EXPECT_EQ(standing(), "ready");
  jump_to(GetParam().to(before));
  // "not ready" where the clock stands before the first key's time.
  EXPECT_NE(standing(), "ready");
  EXPECT_TRUE(clock_is_wrong());
  EXPECT_EQ(rows(), all_rows);
  EXPECT_EQ(kids(), all_kids);
  expect_nothing_revived();
  jump_to(before + 30s);
  EXPECT_EQ(standing(), "ready");
  EXPECT_EQ(rows(), all_rows);
  EXPECT_EQ(kids(), all_kids);
  expect_nothing_revived();
  EXPECT_EQ(site.api(live.access).status, 200u);
  EXPECT_EQ(site.post("/token", refresh_form(live.refresh)).status, 200u);
}

INSTANTIATE_TEST_SUITE_P(
    , T29ClockJump,
    testing::Values(Jump{"an_hour_on", [](Time t) { return t + 1h; }},
                    Jump{"an_hour_back", [](Time t) { return t - 1h; }},
                    Jump{"a_day_on", [](Time t) { return t + 24h; }},
                    Jump{"a_day_back", [](Time t) { return t - 24h; }},
                    Jump{"to_1970", [](Time) { return from_seconds(60); }},
                    Jump{"to_2038", [](Time) { return from_seconds(2'147'483'648 + 86'400); }},
                    Jump{"to_2106", [](Time) { return from_seconds(4'294'967'296 + 86'400); }}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace claviger::test
