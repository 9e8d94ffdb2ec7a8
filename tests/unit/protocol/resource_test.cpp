#include "protocol/resource.hpp"

#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

Policy with_resources() {
  auto made = policy();
  made.resources = {"https://api.example.com/v1", "urn:example:vault"};
  return made;
}

// RFC8707-2: offered by the operator, or this issuer itself; nothing else, and no other spelling.
TEST(Resource, is_one_that_is_offered) {
  struct Row {
    std::string uri;
    std::string_view outcome;
  };
  const Row rows[] = {
      {"https://api.example.com/v1", "ok"},
      {"urn:example:vault", "ok"},
      {"http://localhost:2003", "ok"},
      {"http://localhost:2003/", "resource.unknown"},
      {"https://api.example.com/v1/", "resource.unknown"},
      {"HTTPS://api.example.com/v1", "resource.unknown"},
      {"https://other.example.com/", "resource.unknown"},
      {"https://api.example.com/v1#part", "resource.malformed"},
      {"/v1", "resource.malformed"},
      {"not a uri", "resource.malformed"},
      {"https://api.example.com/" + std::string(2048, 'a'), "resource.malformed"},
  };
  for (const auto& row : rows) {
    const auto asked = plus(Form{}, "resource", row.uri);
    EXPECT_EQ(outcome(parse_resources(asked, with_resources())), row.outcome) << row.uri;
  }
}

TEST(Resource, several_may_be_named_each_counts_once) {
  auto asked = plus(Form{}, "resource", "urn:example:vault");
  asked = plus(plus(asked, "resource", "https://api.example.com/v1"), "resource", "");
  asked = plus(asked, "resource", "urn:example:vault");
  EXPECT_EQ(*parse_resources(asked, with_resources()),
            (std::vector<std::string>{"urn:example:vault", "https://api.example.com/v1"}));
  EXPECT_TRUE(parse_resources(Form{}, with_resources())->empty());
}

TEST(Resource, there_is_a_bound) {
  auto offering = policy();
  Form asked;
  for (int i = 0; i < 9; ++i) {
    offering.resources.push_back("urn:example:" + std::to_string(i));
    EXPECT_EQ(outcome(parse_resources(asked, offering)), "ok");
    asked.add("resource", offering.resources.back());
  }
  EXPECT_EQ(outcome(parse_resources(asked, offering)), "resource.malformed");
}

}  // namespace
}  // namespace claviger::protocol::test
