#include "demo/client/flow_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "demo/client/session.hpp"
#include "tests/support/fixed_clock.hpp"
#include "tests/support/scripted_random.hpp"

namespace claviger::demo {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class FlowLogTest : public ::testing::Test {
 protected:
  const Message& request(outbound::Request sent) {
    log.request(Lane::client, Lane::server, "why", sent);
    return log.messages().back();
  }
  claviger::test::FixedClock clock;
  FlowLog log{clock};
};

const Field* find(const std::vector<Field>& fields, std::string_view name) {
  for (const auto& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

TEST_F(FlowLogTest, takes_a_request_apart_and_marks_what_is_secret) {
  const auto& message = request(
      {"POST",
       "http://localhost:2003/token?x=1",
       {{"Content-Type", "application/x-www-form-urlencoded"}, {"Authorization", "Bearer abc"}},
       "grant_type=refresh_token&client_secret=s&refresh_token=r"
       "&code=c&code_verifier=v&password=p&access_token=a"});
  EXPECT_EQ(message.line, "POST /token");
  EXPECT_EQ(message.url, "http://localhost:2003/token");
  EXPECT_EQ(message.query.at(0).name, "x");
  EXPECT_FALSE(find(message.members, "grant_type")->secret);
  for (const char* name :
       {"client_secret", "refresh_token", "code", "code_verifier", "password", "access_token"}) {
    EXPECT_TRUE(find(message.members, name)->secret) << name;
  }
  EXPECT_TRUE(find(message.headers, "Authorization")->secret);
  EXPECT_FALSE(find(message.headers, "Content-Type")->secret);
}

TEST_F(FlowLogTest, hides_the_code_in_a_url) {
  log.request(Lane::browser, Lane::client, "",
              {"GET", "http://localhost:3000/callback?code=c&state=s", {}, ""});
  const auto& message = log.messages().back();
  EXPECT_THAT(message.line + message.url, Not(HasSubstr("code")));
  EXPECT_TRUE(find(message.query, "code")->secret);
  EXPECT_TRUE(message.curl.empty());
}

TEST_F(FlowLogTest, shows_no_cookie_of_anybody) {
  const auto& message = request({"GET", "http://h/", {{"Cookie", "claviger_2003=abc"}}, ""});
  EXPECT_EQ(find(message.headers, "Cookie"), nullptr);
  EXPECT_THAT(message.curl, Not(HasSubstr("abc")));
  log.response(Lane::server, Lane::client, "", {200, {{"set-cookie", "claviger_2003=abc"}}, ""});
  EXPECT_TRUE(log.messages().back().headers.empty());
}

TEST_F(FlowLogTest, writes_a_curl_command_that_a_shell_takes_as_it_is) {
  const auto& message = request({"POST", "http://h/it's", {{"A", "$(id)"}}, "a=b&c='d'"});
  EXPECT_EQ(message.curl,
            "curl -i -X POST 'http://h/it'\\''s' \\\n  -H 'A: $(id)' \\\n"
            "  --data-raw 'a=b&c='\\''d'\\'''");
}

TEST_F(FlowLogTest, takes_a_json_answer_apart) {
  log.response(
      Lane::server, Lane::client, "",
      {400, {{"content-type", "application/json;charset=UTF-8"}}, R"({"error":"e","n":1})"});
  const auto& message = log.messages().back();
  EXPECT_EQ(message.line, "400 Bad Request");
  EXPECT_TRUE(message.refused);
  EXPECT_EQ(find(message.members, "error")->value, "e");
  EXPECT_EQ(find(message.members, "n")->value, "1");
}

TEST_F(FlowLogTest, cuts_a_long_body_between_characters) {
  std::string body(1999, 'x');
  for (int i = 0; i < 100; ++i) body += "\xc3\xa4";
  log.response(Lane::server, Lane::client, "", {200, {{"content-type", "text/html"}}, body});
  EXPECT_EQ(log.messages().back().text, std::string(1999, 'x') + " ...");
}

TEST_F(FlowLogTest, shows_bytes_that_are_no_text_as_a_number) {
  log.response(Lane::server, Lane::client, "", {200, {{"content-type", "image/png"}}, "\xff\xfe"});
  EXPECT_EQ(log.messages().back().text, "2 bytes");
}

TEST_F(FlowLogTest, keeps_the_latest_messages_only) {
  for (std::size_t i = 0; i < FlowLog::kCapacity + 5; ++i)
    log.failure(Lane::server, Lane::client, "", "");
  EXPECT_EQ(log.messages().size(), FlowLog::kCapacity);
  EXPECT_EQ(log.messages().front().number, 6u);
}

TEST_F(FlowLogTest, puts_a_token_to_its_message) {
  log.failure(Lane::server, Lane::client, "", "");
  const auto number = log.latest();
  log.failure(Lane::server, Lane::client, "", "");
  log.token(number, {"access_token", {}, {}, Verdict::verified, "", {}});
  log.token(99, {});
  EXPECT_EQ(log.messages().front().tokens.size(), 1u);
  EXPECT_TRUE(log.messages().back().tokens.empty());
}

TEST(TimeText, is_readable) {
  EXPECT_EQ(time_text(from_seconds(1'800'000'000)), "2027-01-15 08:00:00 UTC");
}

class SessionsTest : public ::testing::Test {
 protected:
  claviger::test::FixedClock clock;
  claviger::test::ScriptedRandom random;
  Sessions sessions{clock, random, 2};
};

TEST_F(SessionsTest, ids_are_256_bits_long_and_never_the_same) {
  const auto a = sessions.create()->id;
  EXPECT_EQ(a.size(), 43u);
  EXPECT_NE(sessions.create()->id, a);
}

TEST_F(SessionsTest, the_longest_unused_goes_first) {
  const auto a = sessions.create();
  const auto b = sessions.create();
  EXPECT_EQ(sessions.find(a->id), a);
  const auto c = sessions.create();
  EXPECT_EQ(sessions.size(), 2u);
  EXPECT_EQ(sessions.find(b->id), nullptr);
  EXPECT_EQ(sessions.find(a->id), a);
  EXPECT_EQ(sessions.find(c->id), c);
}

TEST_F(SessionsTest, a_renamed_session_is_unknown_under_its_old_id) {
  const auto session = sessions.create();
  const auto old = session->id;
  sessions.rename(*session);
  EXPECT_EQ(sessions.find(old), nullptr);
  EXPECT_EQ(sessions.find(session->id), session);
  sessions.forget(session->id);
  EXPECT_EQ(sessions.size(), 0u);
  sessions.rename(*session);
  EXPECT_EQ(sessions.size(), 0u);
}

TEST_F(SessionsTest, a_state_is_good_for_one_answer) {
  const auto session = sessions.create();
  session->add_pending({"url", "one", "verifier"});
  session->add_pending({"url", "two", "verifier"});
  EXPECT_FALSE(session->take_pending("").has_value());
  EXPECT_TRUE(session->take_pending("one").has_value());
  EXPECT_FALSE(session->take_pending("one").has_value());
  EXPECT_TRUE(session->take_pending("two").has_value());
}

TEST_F(SessionsTest, what_is_kept_for_a_visit_is_bounded) {
  const auto session = sessions.create();
  for (int i = 0; i < 100; ++i) {
    session->add_pending({"", std::to_string(i), ""});
    session->replace_tokens({"", std::to_string(i), {}});
  }
  EXPECT_EQ(session->pending.size(), 8u);
  EXPECT_EQ(session->spent_refresh.size(), 8u);
  EXPECT_EQ(session->spent_refresh.back(), "98");
}

}  // namespace
}  // namespace claviger::demo
