// Which servers are at the database, and who does what only one of them may do.
#include "tests/unit/admin/office.hpp"

namespace claviger::admin::test {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

class NodeList : public Office {
 protected:
  Id add(const char* name, seconds seen_ago) {
    const Id id = Id::make(clock.now(), random);
    const store::SeenNode node{id, name, clock.now(), clock.now() - seen_ago,
                               std::chrono::milliseconds(-250)};
    run_task(store->nodes.beat(node));
    return id;
  }
};

TEST_F(NodeList, shows_nodes_and_their_work) {
  const auto one = add("one", seconds(3));
  const auto two = add("two", seconds(600));
  const Time now = clock.now();
  run_task(store->leases.acquire("sweep", one, now, now + seconds(15)));
  run_task(store->leases.acquire("keys", two, now - seconds(600), now - seconds(585)));
  const auto answer = ok("node.list", {});
  ASSERT_EQ(answer.at("nodes").as_array().size(), 2u);
  for (const auto& item : answer.at("nodes").as_array()) {
    const auto& node = item.as_object();
    const bool is_one = text(node, "id") == one.text();
    EXPECT_EQ(text(node, "name"), is_one ? "one" : "two");
    EXPECT_EQ(node.at("alive"), is_one);
    EXPECT_EQ(node.at("clock_offset_ms"), -250);
    EXPECT_EQ(node.at("work"), is_one ? json::array{"sweep"} : json::array{});
  }
  const auto& leases = answer.at("leases").as_array();
  ASSERT_EQ(leases.size(), 2u);
  EXPECT_EQ(text(leases[0].as_object(), "node"), "two");
  EXPECT_EQ(leases[0].at("held"), false);
  EXPECT_EQ(leases[1].at("held"), true);
  EXPECT_EQ(leases[1].at("fence"), 1);
  EXPECT_EQ(refusal("node.list", {{"all", true}}), "admin.unknown_argument");
}

}  // namespace
}  // namespace claviger::admin::test
