// What `claviger try` asks a flow for, what it shows of the end, and to whom.
#include <gtest/gtest.h>

#include "cli/qr_code.hpp"
#include "cli/try_screen.hpp"
#include "cli/words.hpp"
#include "tests/unit/cli/harness.hpp"

namespace claviger::cli {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using test::Harness;

json::object a_report() {
  json::object token{{"name", "access_token"},
                     {"purpose", "for APIs"},
                     {"value", "T0KEN"},
                     {"header", {{"alg", "ES256"}}},
                     {"claims", {{"sub", "\033[2Jada"}, {"exp", 1600}, {"iat", 998}}},
                     {"verified", true},
                     {"remark", "Verified."}};
  json::object request{
      {"what", "redeem the code"}, {"status", 200}, {"curl", "curl -s 'http://localhost/token'"}};
  return {{"flow", "code"},
          {"issuer", "http://localhost:2003"},
          {"at", 1000},
          {"client", {{"client_id", "made"}, {"kept", true}, {"client_secret", "S3CRET"}}},
          {"token_response", {{"access_token", "T0KEN"}, {"scope", "openid"}}},
          {"tokens", json::array{std::move(token)}},
          {"userinfo", {{"email", "ada@example.test"}}},
          {"requests", json::array{std::move(request)}}};
}

TEST(Try, what_was_typed_reaches_the_flow) {
  Harness harness;
  harness.recorded.tried = a_report();
  harness.input = "the secret\nthe token\n";
  const auto ran =
      harness.run({"try", "exchange", "--issuer", "https://a.example", "--client-id", "app",
                   "--client-secret-stdin", "--subject-token-stdin", "--scope", "email", "--scope",
                   "phone", "--resource", "https://api.example", "--no-open", "--port", "8123"});
  ASSERT_EQ(ran.code, kOk) << ran.err;
  const auto& asked = harness.recorded.attempts.at(0);
  EXPECT_EQ(asked.flow, TryFlow::exchange);
  EXPECT_EQ(asked.issuer, "https://a.example");
  EXPECT_EQ(asked.client_id, "app");
  EXPECT_EQ(asked.client_secret.reveal(), "the secret");
  EXPECT_EQ(asked.token.reveal(), "the token");
  EXPECT_EQ(asked.scopes, (std::vector<std::string>{"email", "phone"}));
  EXPECT_EQ(asked.resources, std::vector<std::string>{"https://api.example"});
  EXPECT_EQ(asked.port, 8123);
  EXPECT_FALSE(asked.open_browser);
  EXPECT_FALSE(asked.keep_client);
}

TEST(Try, each_verb_is_its_flow) {
  const std::vector<std::pair<const char*, TryFlow>> verbs{
      {"code", TryFlow::code},
      {"device", TryFlow::device},
      {"client-credentials", TryFlow::client_credentials},
      {"refresh", TryFlow::refresh},
      {"exchange", TryFlow::exchange}};
  for (const auto& [verb, flow] : verbs) {
    Harness harness;
    harness.recorded.tried = a_report();
    EXPECT_EQ(harness.run({"try", verb}).code, kOk) << verb;
    EXPECT_EQ(harness.recorded.attempts.at(0).flow, flow) << verb;
  }
}

// A token in a pipe or a file was asked for, or is not there; the client lives as long as somebody
// holds its tokens.
TEST(Try, tokens_are_shown_on_a_terminal_or_when_asked_for) {
  struct Row {
    bool terminal;
    std::vector<std::string> more;
    bool shown;
  };
  for (const auto& row : {Row{false, {}, false}, Row{true, {}, true},
                          Row{false, {"--show-tokens"}, true}, Row{false, {"--json"}, true}}) {
    Harness harness;
    harness.terminal = row.terminal;
    harness.recorded.tried = a_report();
    std::vector<std::string> words{"try", "code"};
    words.insert(words.end(), row.more.begin(), row.more.end());
    const auto ran = harness.run(words);
    EXPECT_EQ(ran.out.contains("T0KEN"), row.shown);
    EXPECT_EQ(ran.out.contains("S3CRET"), row.shown);
    EXPECT_EQ(harness.recorded.attempts.at(0).keep_client, row.shown);
  }
}

TEST(Try, the_report_is_for_people) {
  Harness harness;
  harness.recorded.tried = a_report();
  const auto out = harness.run({"try", "code"}).out;
  for (const char* line :
       {"access_token: for APIs\n", "exp  1600  in 10 minutes\n", "iat  998  2 seconds ago\n",
        "sub  ?[2Jada\n", "    email  ada@example.test\n",
        "# redeem the code: 200\ncurl -s 'http://localhost/token'\n",
        "claviger client rm made\n"}) {
    EXPECT_TRUE(out.contains(line)) << line << "is not in\n" << out;
  }
}

TEST(Try, quiet_is_the_access_token_alone) {
  for (const char* option : {"-q", "--quiet"}) {
    Harness harness;
    harness.recorded.tried = a_report();
    EXPECT_EQ(harness.run({"try", "client-credentials", option}).out, "T0KEN\n");
    EXPECT_TRUE(harness.recorded.attempts.at(0).keep_client);
  }
}

TEST(Try, a_refusal_ends_in_the_line_that_explains_it) {
  Harness harness;
  TryRefusal refusal;
  refusal.problem = "could not redeem the code (HTTP 400)";
  refusal.error = "invalid_grant";
  refusal.description = "the code is not known";
  refusal.request_id = "aREQ";
  harness.recorded.tried = std::unexpected(refusal);
  const auto ran = harness.run({"try", "code"});
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_EQ(ran.err,
            "error: could not redeem the code (HTTP 400): invalid_grant\n"
            "  the code is not known\n"
            "  next: claviger explain aREQ\n");
  const auto as_json = json::parse(harness.run({"try", "code", "--json"}).err);
  EXPECT_EQ(as_json.at("oauth_error").as_string(), "invalid_grant");
  EXPECT_EQ(as_json.at("request_id").as_string(), "aREQ");
}

TEST(Try, a_server_that_is_not_there_has_an_exit_code_of_its_own) {
  Harness harness;
  TryRefusal refusal;
  refusal.exit_code = kUnavailable;
  refusal.problem = "no server answers";
  refusal.next = "start claviger serve";
  harness.recorded.tried = std::unexpected(refusal);
  const auto ran = harness.run({"try", "device"});
  EXPECT_EQ(ran.code, kUnavailable);
  EXPECT_EQ(ran.err, "error: no server answers\n  next: start claviger serve\n");
}

TEST(Try, what_does_not_fit_together_is_said_before_anything_is_done) {
  const std::vector<std::vector<std::string>> rows{
      {"try", "code", "--port", "0"},
      {"try", "code", "--port", "70000"},
      {"try", "code", "--port", "80x"},
      {"try", "refresh", "--refresh-token-stdin"},
      {"try", "code", "--client-secret-stdin"},
      {"try", "refresh", "--refresh-token-stdin", "--client-id", "app"},  // nothing comes in
  };
  for (const auto& words : rows) {
    Harness harness;
    EXPECT_EQ(harness.run(words).code, kUsage) << words.back();
    EXPECT_TRUE(harness.recorded.attempts.empty()) << words.back();
  }
}

class Screen : public testing::Test {
 protected:
  std::istringstream in_;
  std::ostringstream out_, err_;
  Console console_{.in = in_, .out = out_, .err = err_};
};

TEST_F(Screen, a_device_code_can_be_scanned_on_a_terminal) {
  console_.err_is_terminal = console_.unicode = true;
  TryScreen screen(console_);
  const DeviceInvitation invitation{"WDJB-MJHT", "http://localhost/device",
                                    "http://localhost/device?user_code=WDJB-MJHT", 600s};
  screen.enter(invitation);
  EXPECT_TRUE(err_.str().contains("  WDJB-MJHT\n\nwithin 10 minutes.")) << err_.str();
  EXPECT_TRUE(err_.str().contains("▀")) << err_.str();
  EXPECT_FALSE(err_.str().contains("user_code=")) << err_.str();
  err_.str("");
  console_.unicode = false;
  screen.enter(invitation);
  EXPECT_TRUE(err_.str().contains("user_code=WDJB-MJHT\n")) << err_.str();
  EXPECT_TRUE(out_.str().empty());
}

TEST_F(Screen, a_wait_turns_on_a_terminal_and_is_one_line_elsewhere) {
  TryScreen screen(console_);
  for (const auto since : {0ms, 400ms, 500ms}) screen.wait("the browser", since);
  EXPECT_EQ(err_.str(), "waiting for the browser\n");
  err_.str("");
  console_.err_is_terminal = true;
  screen.wait("the browser", 12300ms);
  EXPECT_EQ(err_.str(), "\r\\ waiting for the browser  12s\033[K");
  screen.waited();
  EXPECT_TRUE(err_.str().ends_with("\r\033[K"));
}

// The three finders of version 1: 21 modules and a quiet zone of two on each side are 25 columns
// and 13 lines; a dark module is a hole in what is drawn.
TEST(QrCode, is_drawn_with_half_blocks) {
  const auto drawn = draw_qr_code("A", false);
  ASSERT_TRUE(drawn);
  EXPECT_EQ(std::ranges::count(*drawn, '\n'), 13);
  std::istringstream lines(*drawn);
  std::string line;
  std::getline(lines, line);
  std::string light;
  for (int i = 0; i < 25; ++i) light += "█";
  EXPECT_EQ(line, light);
  std::getline(lines, line);
  EXPECT_TRUE(line.starts_with("██ ▄▄▄▄▄ █")) << line;
  EXPECT_TRUE(line.ends_with("█ ▄▄▄▄▄ ██")) << line;
  EXPECT_FALSE(draw_qr_code("", false));
  EXPECT_FALSE(draw_qr_code(std::string(201, 'a'), false));
  EXPECT_TRUE(draw_qr_code("A", true)->starts_with("\033[97;40m"));
}

TEST(TimeWords, are_as_people_say_them) {
  EXPECT_EQ(duration_words(1s), "1 second");
  EXPECT_EQ(duration_words(119s), "119 seconds");
  EXPECT_EQ(duration_words(60s), "1 minute");
  EXPECT_EQ(duration_words(599s), "10 minutes");
  EXPECT_EQ(duration_words(14 * 24h), "14 days");
  EXPECT_EQ(moment_words(0s), "now");
  EXPECT_EQ(moment_words(-7200s), "2 hours ago");
}

}  // namespace
}  // namespace claviger::cli
