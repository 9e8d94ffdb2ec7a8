// What may be typed, and what a misspelled word leads to: every error says what to do next.
#include <gtest/gtest.h>

#include "cli/commands.hpp"
#include "tests/unit/cli/harness.hpp"

namespace claviger::cli {
namespace {

using test::Harness;

TEST(Words, help_at_every_level) {
  Harness harness;
  const auto all = harness.run({"--help"});
  EXPECT_EQ(all.code, kOk);
  for (const auto& noun : all_nouns()) {
    EXPECT_NE(all.out.find(noun.word), std::string::npos) << noun.word;
    EXPECT_EQ(harness.run({std::string(noun.word), "--help"}).code, kOk);
  }
  for (const auto& command : all_commands()) {
    std::vector<std::string> words;
    std::istringstream in{std::string(command.words)};
    for (std::string word; in >> word;) words.push_back(word);
    words.emplace_back("--help");
    const auto ran = harness.run(words);
    EXPECT_EQ(ran.code, kOk) << command.words << ran.err;
    for (const auto& option : command.options) {
      EXPECT_NE(ran.out.find(option.name), std::string::npos) << command.words << option.name;
      EXPECT_TRUE(option.doc.ends_with('.')) << option.name;
    }
    EXPECT_TRUE(command.doc.ends_with('.')) << command.words;
  }
}

struct Row {
  std::vector<std::string> arguments;
  const char* problem;
  const char* next;
};

const Row kRows[] = {
    {{}, "no command was given", "claviger --help lists the commands"},
    {{"cleint", "list"}, "there is no command \"cleint\"", "did you mean `claviger client`?"},
    {{"--json", "--data", "x", "srve"},
     "there is no command \"srve\"",
     "did you mean `claviger serve`?"},
    {{"client"},
     "claviger client needs a word behind it",
     "claviger client knows: add, edit, list, show, rm, rotate-secret"},
    {{"client", "lst"},
     "there is no command \"client lst\"",
     "did you mean `claviger client list`?"},
    {{"user", "frobnicate"},
     "there is no command \"user frobnicate\"",
     "claviger user knows: add, edit, list, passwd, disable, enable"},
    {{"client", "list", "--jsn"},
     "claviger client list has no option \"--jsn\"",
     "did you mean --json?"},
    {{"client", "add", "--redirect-url", "x"},
     "claviger client add has no option \"--redirect-url\"",
     "did you mean --redirect-uri?"},
    {{"client", "list", "--set", "tokens.code_ttl"},
     "--set takes KEY=VALUE",
     "such as --set tokens.code_ttl=30s"},
    {{"explain", "a b;c"},
     "this is no request id",
     "it stands in the X-Request-Id header and as request_id in the answer"},
};

TEST(Words, an_error_says_what_is_wrong_and_what_to_do_next) {
  for (const auto& row : kRows) {
    Harness harness;
    auto arguments = row.arguments;
    const bool as_json = !arguments.empty() && arguments[0] == "--json";
    const auto ran = harness.run(arguments);
    EXPECT_EQ(ran.code, kUsage) << row.problem;
    if (as_json) {
      const auto error = boost::json::parse(ran.err);
      EXPECT_EQ(error.at("error").as_string(), row.problem);
      EXPECT_EQ(error.at("next").as_string(), row.next);
    } else {
      EXPECT_EQ(ran.err, std::string("error: ") + row.problem + "\n  next: " + row.next + "\n");
    }
    EXPECT_TRUE(ran.out.empty());
    EXPECT_TRUE(harness.recorded.calls.empty());
  }
}

TEST(Words, a_missing_argument_points_to_the_help) {
  Harness harness;
  const auto ran = harness.run({"client", "show"});
  EXPECT_EQ(ran.code, kUsage);
  EXPECT_NE(ran.err.find("  next: claviger client show --help"), std::string::npos) << ran.err;
}

TEST(Words, what_was_typed_cannot_move_the_cursor) {
  Harness harness;
  const auto ran = harness.run({"\033[2Jclient"});
  EXPECT_EQ(ran.err.find('\033'), std::string::npos);
  EXPECT_EQ(harmless("a\033b\x7f\xc2\x9b\xc3\xa4"), "a?b??\xc3\xa4");
}

TEST(Words, global_options_may_stand_behind_the_command) {
  Harness harness;
  harness.recorded.answers["client.show"] = {{"client_id", "a"}};
  EXPECT_EQ(harness.run({"client", "show", "a", "--json", "--data", "/x"}).code, kOk);
  EXPECT_EQ(harness.run({"--json", "--data=/x", "client", "show", "a"}).code, kOk);
}

TEST(Words, serve_hands_its_option_on) {
  Harness harness;
  EXPECT_EQ(harness.run({"serve"}).code, kOk);
  EXPECT_EQ(harness.recorded.served, 1);
  harness.run({"serve", "--allow-root"});
  EXPECT_EQ(harness.recorded.served, 2);
}

}  // namespace
}  // namespace claviger::cli
