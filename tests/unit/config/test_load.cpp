// Where settings come from, which source wins, and what a complaint looks like.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "config/load.hpp"

namespace claviger::config {
namespace {

Settings loaded(std::string_view toml, const Sources& sources = {}) {
  auto result = load_text(toml, "claviger.toml", sources);
  if (!result) {
    for (const auto& complaint : result.error()) ADD_FAILURE() << to_text(complaint);
    return {};
  }
  return result->settings;
}

std::vector<Complaint> complaints(std::string_view toml, const Sources& sources = {}) {
  auto result = load_text(toml, "claviger.toml", sources);
  if (result) return {};
  return result.error();
}

std::string texts(const std::vector<Complaint>& all) {
  std::string out;
  for (const auto& complaint : all) out += to_text(complaint);
  return out;
}

Sources environment(std::map<std::string, std::string> variables) {
  Sources sources;
  sources.environment = std::move(variables);
  return sources;
}

Sources command_line(std::map<std::string, std::string> overrides) {
  Sources sources;
  sources.overrides = std::move(overrides);
  return sources;
}

TEST(Load, no_file_at_all_is_fine) {
  const auto settings = loaded("");
  EXPECT_EQ(settings.issuer, "http://localhost:2003");
  EXPECT_EQ(settings.tokens.access_token_ttl, Seconds(600));
}

TEST(Load, every_kind_of_value) {
  const auto settings = loaded(R"(
issuer = "http://127.0.0.1:9000"
[server]
listen = ["127.0.0.1:9000", "[::1]:9000"]
threads = 3
[tokens]
code_ttl = "1m30s"
[login]
argon2_memory_kib = 65536
[rates]
token_per_second = 2.5
login_per_second = 7
[registration]
error_interstitial = false
[quickstart]
password = "another-horse-9"
)");
  EXPECT_EQ(settings.issuer, "http://127.0.0.1:9000");
  EXPECT_EQ(settings.server.listen.size(), 2u);
  EXPECT_EQ(settings.server.threads, 3);
  EXPECT_EQ(settings.tokens.code_ttl, Seconds(90));
  EXPECT_EQ(settings.login.argon2_memory_kib, 65536u);
  EXPECT_EQ(settings.rates.token_per_second, 2.5);
  EXPECT_EQ(settings.rates.login_per_second, 7);
  EXPECT_FALSE(settings.registration.error_interstitial);
  EXPECT_EQ(settings.quickstart.password.reveal(), "another-horse-9");
}

TEST(Load, an_unknown_key_names_place_and_right_spelling) {
  const auto all = complaints("[tokens]\n\nacess_token_ttl = \"15m\"\n");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(to_text(all[0]),
            "claviger.toml:3:1  error: unknown key \"acess_token_ttl\" in [tokens]\n"
            "    3 | acess_token_ttl = \"15m\"\n"
            "      | ^^^^^^^^^^^^^^^  did you mean \"access_token_ttl\"?   "
            "(env: CLAVIGER_TOKENS__ACCESS_TOKEN_TTL)\n");
}

TEST(Load, an_unknown_section_and_a_misplaced_key) {
  const auto all = complaints("code_ttl = \"30s\"\n[tokns]\ncode_ttl = \"30s\"\n");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].help, "code_ttl belongs in [tokens]");
  EXPECT_EQ(all[1].message, "unknown section [tokns]");
  EXPECT_EQ(all[1].help, "did you mean [tokens]?");
}

TEST(Load, every_complaint_at_once_in_the_order_of_the_file) {
  const auto all = complaints(
      "issuer = 7\n[log]\nlevel = \"inof\"\n[tokens]\ncode_ttl = 60\nsigning_alg = \"none\"\n");
  ASSERT_EQ(all.size(), 4u) << texts(all);
  EXPECT_EQ(all[0].where, "claviger.toml:1:10");
  EXPECT_EQ(all[1].help, "did you mean \"info\"?");
  EXPECT_EQ(all[2].message,
            "[tokens] code_ttl must be a duration such as \"90s\", \"10m\", \"1h30m\" or \"14d\"");
  EXPECT_EQ(all[3].message, "[tokens] signing_alg must be one of: ES256, RS256, PS256, EdDSA");
}

TEST(Load, rules_that_span_keys_are_judged_beside_what_could_not_be_read) {
  const auto all = complaints("issuer = \"http://auth.example.com\"\n[tokens]\ncode_ttl = 60\n");
  EXPECT_NE(texts(all).find("code_ttl"), std::string::npos) << texts(all);
  EXPECT_NE(texts(all).find("https"), std::string::npos) << texts(all);
}

TEST(Load, bounds) {
  EXPECT_EQ(complaints("[tokens]\ncode_ttl = \"11m\"\n").at(0).message,
            "[tokens] code_ttl must be between 10s and 10m");
  EXPECT_EQ(complaints("[server]\nthreads = -1\n").at(0).message,
            "[server] threads must be between 0 and 256");
  EXPECT_EQ(complaints("[server]\nlisten = []\n").at(0).message,
            "[server] listen must have between 1 and 16 items");
  EXPECT_EQ(complaints("issuer = \"\"\n").at(0).message,
            "issuer must have between 1 and 512 bytes");
}

TEST(Load, broken_toml_is_a_complaint_with_its_place) {
  const auto all = complaints("[server]\nlisten = [\"a\"\nthreads = 1\n");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].where.starts_with("claviger.toml:3:")) << all[0].where;
  EXPECT_TRUE(all[0].message.starts_with("this is not TOML: ")) << all[0].message;
  EXPECT_EQ(complaints("[log]\nlevel = \"info\"\nlevel = \"debug\"\n").size(), 1u);
}

TEST(Load, a_key_of_very_many_parts_is_refused_before_parsing) {
  std::string deep = "a";
  for (int i = 0; i < 100'000; ++i) deep += ".a";
  for (const auto& toml :
       {deep + " = 1\n", "[" + deep + "]\n", "x = { " + deep + " = 1 }\n",
        "issuer = \"a.b\"\n# it's\n[log]\n" + deep + " = 1\n", "x = '''\n'''''\n" + deep + " = 1\n",
        "x = \"\\\\\"\n" + deep + " = 1\n", "x = { y = '''a'''', " + deep + " = 1 }\n"}) {
    const auto all = complaints(toml);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].message, "a key has more than 16 parts separated by dots");
  }
}

TEST(Load, dots_in_texts_and_comments_are_no_key) {
  std::string dots(64, '.');
  EXPECT_EQ(
      loaded("# " + dots + "\n[quickstart]\nfirstname = \"" + dots + "\"\n").quickstart.firstname,
      dots);
}

TEST(Load, a_huge_file_is_refused_before_parsing) {
  EXPECT_EQ(complaints("#" + std::string(1024 * 1024, 'x')).at(0).message,
            "the file is larger than 1 MiB");
}

TEST(Load, the_environment_beats_the_file_and_the_command_line_beats_both) {
  const std::string toml = "[tokens]\ncode_ttl = \"20s\"\n";
  auto sources = environment({{"CLAVIGER_TOKENS__CODE_TTL", "30s"}});
  EXPECT_EQ(loaded(toml).tokens.code_ttl, Seconds(20));
  EXPECT_EQ(loaded(toml, sources).tokens.code_ttl, Seconds(30));
  sources.overrides["tokens.code_ttl"] = "40s";
  EXPECT_EQ(loaded(toml, sources).tokens.code_ttl, Seconds(40));
  const auto result = load_text(toml, "claviger.toml", sources);
  EXPECT_EQ(result->origin.at("tokens.code_ttl"), "command line");
  EXPECT_EQ(load_text(toml, "f.toml", {})->origin.at("tokens.code_ttl"), "f.toml:2");
  EXPECT_EQ(result->origin.at("tokens.signing_alg"), "default");
}

TEST(Load, kinds_in_the_environment) {
  const auto settings = loaded("", environment({{"CLAVIGER_SERVER__LISTEN", "127.0.0.1:1, [::1]:1"},
                                                {"CLAVIGER_SERVER__THREADS", "2"},
                                                {"CLAVIGER_QUICKSTART__ALLOW_REMOTE", "true"},
                                                {"CLAVIGER_RATES__TOKEN_PER_SECOND", "0.5"}}));
  EXPECT_EQ(settings.server.listen, (std::vector<std::string>{"127.0.0.1:1", "[::1]:1"}));
  EXPECT_EQ(settings.server.threads, 2);
  EXPECT_TRUE(settings.quickstart.allow_remote);
  EXPECT_EQ(settings.rates.token_per_second, 0.5);
}

TEST(Load, an_unknown_variable_is_a_complaint) {
  const auto all = complaints("", environment({{"CLAVIGER_TOKENS__CODE_TLL", "30s"}}));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(to_text(all[0]),
            "environment: CLAVIGER_TOKENS__CODE_TLL  error: unknown variable\n"
            "      did you mean \"CLAVIGER_TOKENS__CODE_TTL\"?\n");
}

TEST(Load, an_unknown_override_is_a_complaint) {
  const auto all = complaints("", command_line({{"tokens.cod_ttl", "30s"}, {"code_ttl", "1m"}}));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].help, "code_ttl belongs in [tokens]");
  EXPECT_EQ(all[1].help, "did you mean \"tokens.code_ttl\"?");
}

TEST(Load, a_secret_is_never_shown) {
  const std::string secret = "hunter2-hunter2";
  for (const std::string& line :
       {"client_secert = \"" + secret + "\"", "pasword = \"" + secret + "\"",
        "client_secret = [\"" + secret + "\"]", "password = \"" + secret,
        "password_file = [\"" + secret + "\"]", "client_secret: " + secret}) {
    const auto all = complaints("[quickstart]\n" + line + "\n");
    ASSERT_FALSE(all.empty()) << line;
    EXPECT_EQ(texts(all).find(secret), std::string::npos) << texts(all);
  }
  const auto all = complaints("quickstart = { password = \"" + secret + "\", nme = 1 }\n");
  EXPECT_EQ(texts(all).find(secret), std::string::npos) << texts(all);
  const auto variable = complaints("", environment({{"CLAVIGER_QUICKSTART__PASSWORD", "short"}}));
  EXPECT_EQ(texts(variable).find("short"), std::string::npos) << texts(variable);
}

class Files : public testing::Test {
 protected:
  Files() { std::filesystem::create_directories(folder_ / "conf.d"); }
  ~Files() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  Sources sources() const {
    Sources out;
    out.file = (folder_ / "claviger.toml").string();
    return out;
  }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("claviger-config-" + std::to_string(::getpid()));
};

TEST_F(Files, drop_ins_beat_the_file_in_the_order_of_their_names) {
  write("claviger.toml", "[tokens]\ncode_ttl = \"20s\"\n[log]\nlevel = \"debug\"\n");
  write("conf.d/10-a.toml", "[tokens]\ncode_ttl = \"30s\"\n");
  const auto last = write("conf.d/20-b.toml", "[tokens]\ncode_ttl = \"40s\"\n");
  write("conf.d/readme.txt", "not TOML [");
  const auto result = load(sources());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->settings.tokens.code_ttl, Seconds(40));
  EXPECT_EQ(result->settings.log.level, "debug");
  EXPECT_EQ(result->origin.at("tokens.code_ttl"), last + ":2");
}

TEST_F(Files, a_named_file_that_is_missing_is_a_complaint) {
  const auto result = load(sources());
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().at(0).message.find("No such file"), std::string::npos);
}

TEST_F(Files, twins_that_name_a_file) {
  const auto secret = write("secret", "from-a-file-0123456789\n");
  write("claviger.toml", "[quickstart]\nclient_secret_file = \"" + secret + "\"\n");
  EXPECT_EQ(load(sources())->settings.quickstart.client_secret.reveal(), "from-a-file-0123456789");

  auto environment_twin = sources();
  environment_twin.environment["CLAVIGER_TOKENS__CODE_TTL_FILE"] = write("ttl", "25s\n");
  EXPECT_EQ(load(environment_twin)->settings.tokens.code_ttl, Seconds(25));

  auto both = environment_twin;
  both.environment["CLAVIGER_TOKENS__CODE_TTL"] = "30s";
  EXPECT_FALSE(load(both));

  // A key of its own that ends in _file is no twin.
  auto own = sources();
  own.environment["CLAVIGER_DATA__MASTER_KEY_FILE"] = "/nowhere/master.key";
  EXPECT_EQ(load(own)->settings.data.master_key_file, "/nowhere/master.key");
}

TEST_F(Files, a_key_and_its_twin_contradict_each_other) {
  const auto secret = write("secret", "from-a-file-0123456789\n");
  write("claviger.toml",
        "[quickstart]\nclient_secret = \"0123456789abcdef\"\n"
        "client_secret_file = \"" +
            secret + "\"\n");
  const auto result = load(sources());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().at(0).message,
            "[quickstart] client_secret is given twice: itself and as client_secret_file");
}

}  // namespace
}  // namespace claviger::config
