// A node on PostgreSQL that can't start, and what it says then.
#include "tests/chaos/two_nodes.hpp"

namespace claviger::test {
namespace {

using PostgresStart = TwoNodes;

// SQ-04 where several nodes share a database: a second one needs the first one's master key.
TEST_F(PostgresStart, SQ_04_a_node_without_the_master_key) {
  ASSERT_NO_FATAL_FAILURE(start(0));
  second_home.environment["CLAVIGER_STORE__URL"] = database.url();
  ServerProcess second(second_home);
  EXPECT_EQ(second.wait(), (Ending{.code = 78}));
  EXPECT_NE(second_home.log().find("master key is missing"), std::string::npos)
      << second_home.log();
  EXPECT_FALSE(std::filesystem::exists(second_home.data() + "/master.key"));
}

// A supervisor tries again after 69, and not after 78.
TEST_F(Chaos, a_database_that_is_away_at_the_start) {
  home.environment["CLAVIGER_STORE__URL"] = "postgresql://claviger@/postgres?host=" + home.folder();
  ServerProcess server(home);
  EXPECT_EQ(server.wait(), (Ending{.code = 69}));
  EXPECT_NE(home.log().find("PostgreSQL: "), std::string::npos) << home.log();
}

}  // namespace
}  // namespace claviger::test
