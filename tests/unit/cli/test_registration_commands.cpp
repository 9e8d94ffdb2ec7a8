// What is registered, from the command line: metadata and claims as JSON, tokens for registration.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/cli/harness.hpp"

namespace claviger::cli {
namespace {

namespace json = boost::json;
using test::Harness;

struct File {
  std::string path;
  explicit File(std::string_view text)
      : path(testing::TempDir() + "/claviger-registration-" + std::to_string(::getpid())) {
    std::ofstream(path, std::ios::binary) << text;
  }
  ~File() { std::filesystem::remove(path); }
};

TEST(RegistrationCommands, metadata_from_the_argument_or_a_file) {
  Harness harness;
  harness.recorded.answers["client.add"] = {{"client_id", "app"}};
  const std::string metadata =
      R"({"jwks_uri":"https://a/jwks","token_endpoint_auth_method":"private_key_jwt"})";
  const File file(metadata);
  for (const auto& argument : {metadata, file.path}) {
    const auto ran = harness.run({"client", "add", "app", "--metadata", argument, "--name", "App"});
    ASSERT_EQ(ran.code, kOk) << ran.err;  // no secret is made, so none needs a place
    const json::object expected{{"jwks_uri", "https://a/jwks"},
                                {"token_endpoint_auth_method", "private_key_jwt"},
                                {"client_id", "app"},
                                {"client_name", "App"}};
    EXPECT_EQ(harness.recorded.calls.back().second, expected);
  }
  EXPECT_EQ(harness.run({"client", "add", "app", "--metadata", "/no/such/file"}).code, kUsage);
  EXPECT_EQ(harness.run({"client", "add", "app", "--metadata", "{"}).code, kUsage);
  const File list("[]");
  EXPECT_EQ(harness.run({"client", "add", "app", "--metadata", list.path}).code, kUsage);
  EXPECT_EQ(harness.recorded.calls.size(), 2u);
}

TEST(RegistrationCommands, client_edit_names_what_changes) {
  Harness harness;
  harness.recorded.answers["client.edit"] = {{"client_id", "app"}, {"policy_uri", "https://a/p"}};
  const auto ran = harness.run({"client", "edit", "app", "--metadata",
                                R"({"policy_uri":"https://a/p","tos_uri":null})", "--token-format",
                                "opaque", "--response-type", "code"});
  ASSERT_EQ(ran.code, kOk) << ran.err;
  const json::object expected{{"client_id", "app"},
                              {"policy_uri", "https://a/p"},
                              {"tos_uri", nullptr},
                              {"access_token_format", "opaque"},
                              {"response_types", json::array(1, "code")}};
  EXPECT_EQ(harness.recorded.calls.at(0).second, expected);
  EXPECT_EQ(harness.run({"client", "edit", "app"}).code, kUsage);
  EXPECT_EQ(harness.run({"client", "edit"}).code, kUsage);
  EXPECT_EQ(harness.recorded.calls.size(), 1u);
}

TEST(RegistrationCommands, claims_of_a_user) {
  Harness harness;
  harness.input = "correct-horse-7\n";
  harness.recorded.answers["user.add"] = {{"username", "ada"}};
  harness.recorded.answers["user.set_claims"] = {{"username", "ada"},
                                                 {"claims", {{"nickname", "Countess"}}}};
  const File file(R"({"nickname":"Countess","email_verified":true})");
  ASSERT_EQ(harness.run({"user", "add", "ada", "--claims", file.path, "--password-stdin"}).code,
            kOk);
  const json::object claims{{"nickname", "Countess"}, {"email_verified", true}};
  EXPECT_EQ(harness.recorded.calls.at(0).second.at("claims"), claims);

  const auto ran = harness.run({"user", "edit", "ada", "--claims", R"({"nickname":"Countess"})",
                                "--email", "a@b.test", "--firstname", "Ada"});
  ASSERT_EQ(ran.code, kOk) << ran.err;
  const json::object expected{
      {"user", "ada"},
      {"claims", {{"nickname", "Countess"}, {"email", "a@b.test"}, {"given_name", "Ada"}}}};
  EXPECT_EQ(harness.recorded.calls.at(1).second, expected);
  EXPECT_NE(ran.out.find("Countess"), std::string::npos);
  EXPECT_EQ(harness.run({"user", "edit", "ada"}).code, kUsage);
}

TEST(RegistrationCommands, a_registration_token_is_shown_once) {
  Harness harness;
  harness.recorded.answers["registration_token.add"] = {
      {"id", "i1"}, {"uses_left", 3}, {"initial_access_token", "T0KEN"}};
  EXPECT_EQ(harness.run({"registration-token", "add"}).code, kUsage);  // into no pipe
  harness.terminal = true;
  const auto ran = harness.run(
      {"registration-token", "add", "--uses", "3", "--profile", "oidc_compat", "--expires", "12h"});
  ASSERT_EQ(ran.code, kOk) << ran.err;
  const json::object expected{
      {"uses", 3}, {"profile", "oidc_compat"}, {"expires_in_seconds", 12 * 3600}};
  EXPECT_EQ(harness.recorded.calls.at(0).second, expected);
  EXPECT_NE(ran.out.find("T0KEN"), std::string::npos);
  EXPECT_NE(ran.out.find("shown this once"), std::string::npos);
  EXPECT_EQ(harness.run({"registration-token", "add", "--uses", "many"}).code, kUsage);
  EXPECT_EQ(harness.run({"registration-token", "add", "--expires", "soon"}).code, kUsage);

  harness.recorded.answers["registration_token.list"] = {
      {"registration_tokens",
       json::array(1, json::object{{"id", "i1"}, {"uses_left", 2}, {"expires_at", "tomorrow"}})}};
  EXPECT_NE(harness.run({"registration-token", "list"}).out.find("i1"), std::string::npos);
  harness.recorded.answers["registration_token.rm"] = {{"id", "i1"}, {"removed", true}};
  EXPECT_EQ(harness.run({"registration-token", "rm", "i1"}).code, kOk);
}

}  // namespace
}  // namespace claviger::cli
