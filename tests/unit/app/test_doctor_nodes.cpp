#include <gtest/gtest.h>

#include "app/doctor_nodes.hpp"

namespace claviger::app {
namespace {

namespace json = boost::json;

json::object a_node(const char* name, std::int64_t offset, bool alive = true) {
  return {{"name", name}, {"alive", alive}, {"clock_offset_ms", offset}};
}
json::object listed(json::array nodes) {
  const json::object held{{"name", "sweep"}, {"node", "one"}, {"held", true}};
  const json::object free{{"name", "keys"}, {"node", "gone"}, {"held", false}};
  return {{"shared", true}, {"nodes", std::move(nodes)}, {"leases", json::array{held, free}}};
}

TEST(DoctorNodes, says_who_is_there_and_who_does_what) {
  json::array nodes{a_node("one", 250), a_node("two", -500), a_node("gone", 99000, false)};
  const auto finding = judge_nodes(listed(std::move(nodes)));
  EXPECT_EQ(finding.at("ok"), true);
  EXPECT_EQ(finding.at("detail"),
            "one (clock +250 ms), two (clock -500 ms); sweep: one; keys: nobody");
}

TEST(DoctorNodes, T_30_clocks_that_differ_are_wrong) {
  for (const auto& [first, second] : {std::pair{0, 10'500}, {-10'500, 0}, {-6000, 6000}}) {
    json::array nodes{a_node("one", first), a_node("two", second)};
    const auto finding = judge_nodes(listed(std::move(nodes)));
    EXPECT_EQ(finding.at("ok"), false) << first << " " << second;
    EXPECT_NE(finding.at("next"), "");
  }
}

}  // namespace
}  // namespace claviger::app
