// What the refusals of this room have to be beyond what holds for every refusal.
#include <set>

#include "base/reasons/login.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

// PW-01: a login page says the same whatever was wrong.
TEST(Reasons, PW_01_failed_sign_ins_look_the_same) {
  std::set<std::string_view> texts;
  for (const auto* row : reason::kAllLogin) {
    if (row->code == ErrorCode::login_failed) texts.insert(row->description);
  }
  EXPECT_EQ(texts.size(), 1u);
}

}  // namespace
}  // namespace claviger::protocol::test
