// What commands ask the server for, and how they show what it says.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "admin/version.hpp"
#include "cli/licences.hpp"
#include "config/load.hpp"
#include "tests/unit/cli/harness.hpp"

namespace claviger::cli {
namespace {

namespace json = boost::json;
using test::Harness;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string scratch(const std::string& name) {
  return testing::TempDir() + "/claviger-cli-" + std::to_string(::getpid()) + "-" + name;
}

TEST(Commands, a_refusal_shows_reason_clause_and_next_step) {
  Harness harness;
  const auto ran = harness.run({"client", "show", "x"});
  EXPECT_EQ(ran.code, kFailed);
  // RFC9110-15.5.5
  EXPECT_EQ(ran.err,
            "error: there is no such client\n"
            "  reason:    client.unknown\n"
            "  expected:  a known id\n"
            "  came:      x\n"
            "  clause:    RFC9110-15.5.5\n"
            "  next:      look at the list\n");
  const auto as_json = json::parse(harness.run({"client", "show", "x", "--json"}).err);
  EXPECT_EQ(as_json.at("reason").as_string(), "client.unknown");
  EXPECT_EQ(as_json.at("next").as_string(), "look at the list");
}

TEST(Commands, a_server_that_breaks_is_unavailable) {
  Harness harness;
  harness.recorded.broken = true;
  const auto ran = harness.run({"key", "list"});
  EXPECT_EQ(ran.code, kUnavailable);
  EXPECT_NE(ran.err.find("the socket is gone"), std::string::npos);
  EXPECT_NE(ran.err.find("  next: "), std::string::npos);
}

TEST(Commands, client_add_asks_with_the_standards_names) {
  Harness harness;
  harness.terminal = true;
  harness.recorded.answers["client.add"] = {{"client_id", "app"}, {"client_secret", "S3CRET"}};
  const auto ran = harness.run({"client", "add", "app", "--name", "App", "--redirect-uri",
                                "https://a/cb", "--redirect-uri", "https://b/cb", "--scope",
                                "email", "--scope", "username", "--require-pkce"});
  ASSERT_EQ(ran.code, kOk) << ran.err;
  const json::object expected{{"client_id", "app"},
                              {"client_name", "App"},
                              {"redirect_uris", {"https://a/cb", "https://b/cb"}},
                              {"scope", "email username"},
                              {"require_pkce", true}};
  EXPECT_EQ(harness.recorded.calls.at(0).second, expected);
  EXPECT_NE(ran.out.find("S3CRET"), std::string::npos);
  EXPECT_NE(ran.out.find("shown this once"), std::string::npos);
}

TEST(Commands, a_made_secret_goes_into_no_pipe_and_nothing_is_done) {
  Harness harness;
  harness.recorded.answers["client.add"] = {{"client_id", "app"}, {"client_secret", "S3CRET"}};
  harness.recorded.answers["client.rotate_secret"] = harness.recorded.answers["client.add"];
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"client", "add", "app"},
        std::vector<std::string>{"client", "rotate-secret", "app", "--json"}}) {
    const auto ran = harness.run(arguments);
    EXPECT_EQ(ran.code, kUsage);
    EXPECT_NE(ran.err.find("--out FILE"), std::string::npos) << ran.err;
    EXPECT_TRUE(harness.recorded.calls.empty());
  }
  EXPECT_NE(harness.run({"client", "add", "app", "--out", "-"}).out.find("S3CRET"),
            std::string::npos);
}

// SQ-08: files of ours are readable by their owner alone.
TEST(Commands, SQ_08_a_made_secret_goes_into_a_new_file_of_the_owner_alone) {
  Harness harness;
  harness.recorded.answers["client.add"] = {{"client_id", "app"}, {"client_secret", "S3CRET"}};
  const auto path = scratch("secret");
  const auto ran = harness.run({"client", "add", "app", "--json", "--out", path});
  ASSERT_EQ(ran.code, kOk) << ran.err;
  EXPECT_EQ(ran.out.find("S3CRET"), std::string::npos);
  EXPECT_EQ(json::parse(ran.out).at("secret_file").as_string(), path);
  EXPECT_EQ(read_file(path), "S3CRET\n");
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  // An existing file is never written over.
  const auto again = harness.run({"client", "add", "app", "--out", path});
  EXPECT_EQ(again.code, kFailed);
  EXPECT_EQ(harness.recorded.calls.size(), 1u);
  std::filesystem::remove(path);
}

TEST(Commands, a_refused_operation_leaves_no_file_behind) {
  Harness harness;
  const auto path = scratch("unused");
  EXPECT_EQ(harness.run({"client", "add", "app", "--out", path}).code, kFailed);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Commands, a_chosen_secret_comes_from_standard_input) {
  Harness harness;
  harness.input = "chosen-by-operator\n";
  harness.recorded.answers["client.add"] = {{"client_id", "app"}};
  const auto ran = harness.run({"client", "add", "app", "--secret-stdin"});
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_EQ(harness.recorded.calls.at(0).second.at("client_secret").as_string(),
            "chosen-by-operator");
  EXPECT_EQ((ran.out + ran.err).find("chosen-by-operator"), std::string::npos);
}

TEST(Commands, a_public_client_needs_no_place_for_a_secret) {
  Harness harness;
  harness.recorded.answers["client.add"] = {{"client_id", "app"}};
  EXPECT_EQ(harness.run({"client", "add", "--public"}).code, kOk);
  EXPECT_EQ(harness.recorded.calls.at(0).second.at("token_endpoint_auth_method").as_string(),
            "none");
  EXPECT_EQ(harness.run({"client", "add", "--public", "--auth-method", "client_secret_post"}).code,
            kUsage);
}

TEST(Commands, rotate_secret_takes_a_duration) {
  Harness harness;
  harness.terminal = true;
  harness.recorded.answers["client.rotate_secret"] = {{"client_id", "app"}};
  EXPECT_EQ(harness.run({"client", "rotate-secret", "app", "--keep-old", "12h"}).code, kOk);
  EXPECT_EQ(harness.recorded.calls.at(0).second.at("keep_old_seconds").as_int64(), 12 * 3600);
  EXPECT_EQ(harness.run({"client", "rotate-secret", "app", "--keep-old", "soon"}).code, kUsage);
}

TEST(Commands, lists_are_read_to_their_end_and_aligned) {
  Harness harness;
  harness.recorded.answers["client.list"] = {
      {"clients",
       {{{"client_id", "a"},
         {"client_name", "\033[31mÄpp"},
         {"disabled", false},
         {"token_endpoint_auth_method", "none"},
         {"registered_by", "self"},
         {"redirect_uris", {"https://a/cb", "https://b/cb"}}}}}};
  const auto ran = harness.run({"client", "list"});
  EXPECT_EQ(ran.out,
            "CLIENT  NAME      METHOD  BY    STATE    REDIRECTS TO\n"
            "a       ?[31mÄpp  none    self  enabled  https://a/cb https://b/cb\n");
  harness.recorded.answers["client.list"] = {{"clients", json::array{}}};
  EXPECT_EQ(harness.run({"client", "list"}).out,
            "No clients yet: claviger client add registers one.\n");
  EXPECT_EQ(json::parse(harness.run({"client", "list", "--json"}).out).at("clients"),
            json::array{});
}

TEST(Commands, a_password_is_typed_twice_or_read_but_never_an_argument) {
  Harness harness;
  harness.recorded.answers["user.add"] = {{"username", "ada"}};
  harness.typed = {"correct-horse-7", "correct-horse-7"};
  EXPECT_EQ(harness.run({"user", "add", "ada", "--email", "a@b"}).code, kOk);
  const json::object expected{
      {"username", "ada"}, {"password", "correct-horse-7"}, {"email", "a@b"}};
  EXPECT_EQ(harness.recorded.calls.at(0).second, expected);

  harness.typed = {"correct-horse-7", "correct-horse-8"};
  EXPECT_EQ(harness.run({"user", "add", "ada"}).code, kFailed);
  harness.typed = {};
  EXPECT_EQ(harness.run({"user", "add", "ada"}).code, kUsage);
  EXPECT_EQ(harness.run({"user", "add", "ada", "--password", "x"}).code, kUsage);
  EXPECT_EQ(harness.recorded.calls.size(), 1u);

  harness.input = "from-standard-input\r\nmore";
  const auto ran = harness.run({"user", "add", "ada", "--password-stdin"});
  EXPECT_EQ(ran.code, kOk);
  EXPECT_EQ(harness.recorded.calls.back().second.at("password").as_string(), "from-standard-input");
  EXPECT_EQ((ran.out + ran.err).find("from-standard-input"), std::string::npos);
}

TEST(Commands, a_token_comes_as_argument_or_from_standard_input) {
  Harness harness;
  harness.recorded.answers["token.inspect"] = {{"header", {{"alg", "ES256"}}},
                                               {"payload", {{"sub", "x"}}}};
  EXPECT_EQ(harness.run({"token", "inspect", "a.b.c"}).code, kOk);
  harness.input = "d.e.f\n";
  EXPECT_EQ(harness.run({"token", "inspect", "-"}).code, kOk);
  EXPECT_EQ(harness.run({"token", "inspect"}).code, kOk);
  EXPECT_EQ(harness.recorded.calls.at(0).second.at("token").as_string(), "a.b.c");
  EXPECT_EQ(harness.recorded.calls.at(1).second.at("token").as_string(), "d.e.f");
  EXPECT_EQ(harness.recorded.calls.at(2).second.at("token").as_string(), "d.e.f");
  harness.terminal = true;
  EXPECT_EQ(harness.run({"token", "inspect"}).code, kUsage);
}

TEST(Commands, explain_shows_every_part_of_a_refusal) {
  Harness harness;
  harness.recorded.answers["explain"] = {{"request_id", "a123"},
                                         {"at", "2026-11-22T13:00:00Z"},
                                         {"endpoint", "POST /token"},
                                         {"client_id", "demo-client"},
                                         {"status", 400},
                                         {"error", "invalid_grant"},
                                         {"reason", "code.pkce_mismatch"},
                                         {"description", "the code_verifier does not match"},
                                         {"expected", "S256"},
                                         {"came", "other"},
                                         {"clause", "RFC7636-4.6"},
                                         {"clause_url", "https://example.test/"},
                                         {"mend", "send the verifier of this very request"},
                                         {"count", 3},
                                         {"request_ids", {"a121", "a122", "a123"}}};
  const auto ran = harness.run({"explain", "a123"});
  EXPECT_EQ(ran.out,
            "request   a123\n"
            "when      2026-11-22T13:00:00Z\n"
            "what      POST /token, answered 400 invalid_grant\n"
            "client    demo-client\n"
            "reason    code.pkce_mismatch\n"
            "          the code_verifier does not match\n"
            "expected  S256\n"
            "came      other\n"
            "clause    RFC7636-4.6  https://example.test/\n"
            "mend      send the verifier of this very request\n"
            "alike  3, the latest: a121 a122 a123\n");
}

TEST(Commands, explain_without_a_server_names_the_search) {
  Harness harness;
  harness.recorded.health = 0;
  const auto ran = harness.run({"explain", "a-123"});
  EXPECT_EQ(ran.code, kUnavailable);
  EXPECT_NE(ran.err.find("no server is running"), std::string::npos);
  EXPECT_NE(ran.err.find("journalctl -u claviger | grep -- a-123"), std::string::npos);
  EXPECT_TRUE(harness.recorded.calls.empty());
}

TEST(Commands, healthcheck) {
  Harness harness;
  EXPECT_EQ(harness.run({"healthcheck"}).code, kOk);
  EXPECT_EQ(harness.run({"healthcheck", "--ready"}).code, kOk);
  EXPECT_EQ(harness.recorded.probed, (std::vector<std::string>{"/livez", "/readyz"}));
  harness.recorded.health = 503;
  EXPECT_EQ(harness.run({"healthcheck", "--ready"}).code, kFailed);
  harness.recorded.health = 0;
  EXPECT_EQ(harness.run({"healthcheck"}).code, kUnavailable);
}

TEST(Commands, doctor_fails_when_anything_is_wrong_and_says_what_to_do) {
  Harness harness;
  harness.recorded.findings = {{{"check", "port"}, {"ok", true}, {"detail", "free"}, {"next", ""}}};
  EXPECT_EQ(harness.run({"doctor"}).code, kOk);
  harness.recorded.findings.push_back(
      {{"check", "disk"}, {"ok", false}, {"detail", "full"}, {"next", "make room"}});
  const auto ran = harness.run({"doctor"});
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_EQ(ran.out,
            "CHECK  RESULT  DETAIL\n"
            "port   ok      free\n"
            "disk   WRONG   full\n"
            "  next: disk: make room\n");
}

TEST(Commands, wrong_settings_stop_everything_with_78) {
  Harness harness;
  const auto path = scratch("claviger.toml");
  std::ofstream(path) << "[tokens]\nacess_token_ttl = \"15m\"\n[log]\nlevel = \"loud\"\n";
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"config", "check"}, std::vector<std::string>{"serve"},
        std::vector<std::string>{"client", "list"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"--config", path});
    const auto ran = harness.run(arguments);
    EXPECT_EQ(ran.code, kConfig);
    EXPECT_NE(ran.err.find(path + ":2:1  error: unknown key \"acess_token_ttl\" in [tokens]"),
              std::string::npos)
        << ran.err;
    EXPECT_NE(ran.err.find("2 complaints"), std::string::npos);
    EXPECT_NE(ran.err.find("  next: "), std::string::npos);
  }
  EXPECT_EQ(harness.recorded.served, 0);
  const auto as_json =
      json::parse(harness.run({"config", "check", "--json", "--config", path}).err);
  EXPECT_EQ(as_json.at("complaints").as_array().size(), 2u);
  std::filesystem::remove(path);
  EXPECT_EQ(harness.run({"config", "check", "--config", path}).code, kNoInput);
}

TEST(Commands, config_shows_checks_and_describes) {
  Harness harness;
  const auto check = harness.run({"config", "check", "--set", "tokens.code_ttl=30s"});
  EXPECT_EQ(check.code, kOk) << check.err;
  const auto show = harness.run({"config", "show", "--origin", "--set", "tokens.code_ttl=30s"});
  EXPECT_NE(show.out.find("tokens.code_ttl = \"30s\""), std::string::npos);
  EXPECT_NE(show.out.find("# command line"), std::string::npos);
  const auto as_json = json::parse(harness.run({"config", "show", "--json"}).out);
  EXPECT_EQ(as_json.at("settings").at(0).at("key").as_string(), "issuer");
  EXPECT_EQ(harness.run({"config", "example"}).out, config::commented_file());
  EXPECT_EQ(json::parse(harness.run({"config", "schema"}).out), json::value(config::schema()));
}

TEST(Commands, version_is_that_of_the_build) {
  Harness harness;
  EXPECT_TRUE(harness.run({"version"}).out.starts_with("claviger " + std::string(kVersion)));
  const auto cmake = read_file(CLAVIGER_SOURCE_DIR "/CMakeLists.txt");
  EXPECT_NE(cmake.find("project(claviger VERSION " + std::string(kVersion) + " "),
            std::string::npos);
}

TEST(Commands, licences_agree_with_the_page) {
  const auto page = read_file(CLAVIGER_SOURCE_DIR "/THIRD_PARTY.md");
  std::size_t rows = 0;
  for (const auto& licence : all_licences()) {
    std::string row;
    for (const auto cell :
         {licence.name, licence.version, licence.licence, licence.copyright, licence.package}) {
      row += "| " + std::string(cell) + " ";
    }
    EXPECT_NE(page.find(row + "|\n"), std::string::npos) << row;
    ++rows;
  }
  const auto lines = std::ranges::count(page, '\n');
  ASSERT_GT(lines, 0);
  std::size_t table_rows = 0;
  for (std::size_t at = page.find("\n| "); at != std::string::npos;
       at = page.find("\n| ", at + 1)) {
    ++table_rows;
  }
  EXPECT_EQ(table_rows, rows + 1);  // the headings
  Harness harness;
  EXPECT_NE(harness.run({"version", "--licenses"}).out.find("toml++"), std::string::npos);
}

}  // namespace
}  // namespace claviger::cli
