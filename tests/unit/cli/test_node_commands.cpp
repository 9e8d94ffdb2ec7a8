#include <gtest/gtest.h>

#include "tests/unit/cli/harness.hpp"

namespace claviger::cli {
namespace {

namespace json = boost::json;

TEST(NodeCommands, list_says_who_does_what) {
  test::Harness harness;
  const json::object one{{"id", "i1"},
                         {"name", "one"},
                         {"alive", true},
                         {"clock_offset_ms", 250},
                         {"work", json::array{"keys", "sweep"}}};
  const json::object two{{"id", "i2"}, {"name", "two"}, {"alive", false}, {"work", json::array{}}};
  harness.recorded.answers["node.list"] = {
      {"shared", true}, {"nodes", json::array{one, two}}, {"leases", json::array{}}};
  const auto ran = harness.run({"node", "list"});
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_NE(ran.out.find("keys sweep"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("i2"), std::string::npos) << ran.out;
  EXPECT_NE(harness.run({"node", "list", "--json"}).out.find("\"leases\""), std::string::npos);
}

}  // namespace
}  // namespace claviger::cli
