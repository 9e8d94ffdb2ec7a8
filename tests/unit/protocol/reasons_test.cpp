// What every row of the refusals of this room has to be.
#include <set>

#include "base/reasons/authorize.hpp"
#include "base/reasons/login.hpp"
#include "base/reasons/registration.hpp"
#include "base/reasons/scope.hpp"
#include "base/reasons/token.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

std::vector<const Reason*> all() {
  std::vector<const Reason*> rows;
  const auto add = [&](const auto& array) { rows.insert(rows.end(), array.begin(), array.end()); };
  add(reason::kAllAuthorize);
  add(reason::kAllRedirectUri);
  add(reason::kAllLogin);
  add(reason::kAllRegistration);
  add(reason::kAllScope);
  add(reason::kAllToken);
  add(reason::kAllClientAuthentication);
  add(reason::kAllCode);
  add(reason::kAllRefreshToken);
  add(reason::kAllGate);
  add(reason::kAllAccessToken);
  return rows;
}

bool is_description_character(char c) {
  return c == 0x20 || c == 0x21 || (c >= 0x23 && c <= 0x5b) || (c >= 0x5d && c <= 0x7e);
}

// RFC6749-5.2, RFC6749-4.1.2.1: the characters that error_description may have.
TEST(Reasons, descriptions_may_go_on_the_wire) {
  for (const auto* row : all()) {
    EXPECT_FALSE(row->description.empty()) << row->id;
    for (const char c : row->description) EXPECT_TRUE(is_description_character(c)) << row->id;
  }
}

TEST(Reasons, are_complete_and_unique) {
  std::set<std::string_view> ids;
  for (const auto* row : all()) {
    EXPECT_TRUE(ids.insert(row->id).second) << row->id;
    EXPECT_FALSE(row->clause.empty()) << row->id;
    EXPECT_FALSE(row->mend.empty()) << row->id;
  }
}

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
