#include "protocol/scope.hpp"

#include "base/limits.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

// RFC6749-3.3
TEST(Scope, is_split_and_each_word_kept_once) {
  EXPECT_EQ(parse_scope("email username email"), (Scopes{"email", "username"}));
  EXPECT_EQ(parse_scope(""), Scopes{});
  EXPECT_EQ(parse_scope("https://a.example/read!"), Scopes{"https://a.example/read!"});
}

TEST(Scope, CI_20_is_bounded) {
  const auto words = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "s" + std::to_string(i) + " ";
    return text;
  };
  EXPECT_TRUE(parse_scope(words(64)));
  EXPECT_EQ(outcome(parse_scope(words(65))), "scope.too_long");
  EXPECT_TRUE(parse_scope(std::string(limits::kScopeBytes, 'a')));
  EXPECT_EQ(outcome(parse_scope(std::string(limits::kScopeBytes + 1, 'a'))), "scope.too_long");
  // The same word 65 times is work as well.
  std::string same;
  for (int i = 0; i < 65; ++i) same += "a ";
  EXPECT_EQ(outcome(parse_scope(same)), "scope.too_long");
}

TEST(Scope, refuses_characters_that_no_scope_has) {
  for (const std::string_view text : {"a\"b", "a\\b", "a\tb", "\xc3\xa9", "a\x7f", "a\nb"}) {
    EXPECT_EQ(outcome(parse_scope(text)), "scope.malformed") << text;
  }
}

// CI-19: the intersection of asked, allowed and offered, in the order asked.
TEST(Scope, CI_19_is_clamped) {
  auto client = public_client();
  EXPECT_EQ(clamp_scopes({}, client, policy()), policy().scopes);
  EXPECT_EQ(clamp_scopes(Scopes{"phone", "openid", "email"}, client, policy()),
            (Scopes{"phone", "email"}));
  client.scopes = {"email", "gone"};
  EXPECT_EQ(clamp_scopes({}, client, policy()), Scopes{"email"});
  EXPECT_EQ(clamp_scopes(Scopes{"phone", "gone"}, client, policy()), Scopes{});
  EXPECT_EQ(clamp_scopes(Scopes{}, client, policy()), Scopes{});
}

TEST(Scope, covers) {
  EXPECT_TRUE(covers({"a", "b"}, {"b"}));
  EXPECT_TRUE(covers({"a"}, {}));
  EXPECT_FALSE(covers({"a"}, {"a", "b"}));
  EXPECT_FALSE(covers({}, {"a"}));
}

TEST(Scope, as_text) {
  EXPECT_EQ(to_text({"a", "b"}), "a b");
  EXPECT_EQ(to_text({}), "");
}

}  // namespace
}  // namespace claviger::protocol::test
