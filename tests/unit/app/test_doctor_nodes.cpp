#include <gtest/gtest.h>

#include "app/doctor_nodes.hpp"

namespace claviger::app {
namespace {

namespace json = boost::json;

json::object a_node(const char* name, double offset, bool alive = true) {
  return {{"name", name}, {"alive", alive}, {"clock_offset_seconds", offset}};
}
json::object listed(json::array nodes) {
  const json::object held{{"name", "sweep"}, {"node", "one"}, {"held", true}};
  const json::object free{{"name", "keys"}, {"node", "gone"}, {"held", false}};
  return {{"shared", true}, {"nodes", std::move(nodes)}, {"leases", json::array{held, free}}};
}

TEST(DoctorNodes, says_who_is_there_and_who_does_what) {
  json::array nodes{a_node("one", 0.25), a_node("two", -0.5), a_node("gone", 99, false)};
  const auto finding = judge_nodes(listed(std::move(nodes)));
  EXPECT_EQ(finding.at("ok"), true);
  EXPECT_EQ(finding.at("detail"),
            "one (clock +0.2 s), two (clock -0.5 s); sweep: one; keys: nobody");
}

TEST(DoctorNodes, T_30_clocks_that_differ_are_wrong) {
  for (const auto& [first, second] : {std::pair{0.0, 10.5}, {-10.5, 0.0}, {-6.0, 6.0}}) {
    json::array nodes{a_node("one", first), a_node("two", second)};
    const auto finding = judge_nodes(listed(std::move(nodes)));
    EXPECT_EQ(finding.at("ok"), false) << first << " " << second;
    EXPECT_NE(finding.at("next"), "");
  }
}

}  // namespace
}  // namespace claviger::app
