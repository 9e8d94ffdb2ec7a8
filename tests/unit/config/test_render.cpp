// What is generated from the table of keys: the commented file, the schema, `config show`.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "config/keys.hpp"
#include "config/load.hpp"
#include "config/values.hpp"

namespace claviger::config {
namespace {

std::string uncommented(const std::string& file) {
  std::istringstream in(file);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    const bool key = line.size() > 1 && line[0] == '#' && line[1] >= 'a' && line[1] <= 'z';
    out += (key ? line.substr(1) : line) + "\n";
  }
  return out;
}

TEST(CommentedFile, is_the_one_in_the_repository) {
  std::ifstream in(CLAVIGER_SOURCE_DIR "/config/claviger.toml", std::ios::binary);
  const std::string stored((std::istreambuf_iterator<char>(in)), {});
  EXPECT_TRUE(stored == commented_file())
      << "config/claviger.toml is not what `claviger config example` prints";
}

TEST(CommentedFile, states_the_default_of_every_key) {
  EXPECT_TRUE(load_text(commented_file(), "as it is", {}));
  const auto result = load_text(uncommented(commented_file()), "uncommented", {});
  if (!result) FAIL() << to_text(result.error().at(0));
  auto read = result->settings;
  Settings defaults;
  for (const auto& key : all_keys()) {
    EXPECT_EQ(write_toml(key, read), write_toml(key, defaults)) << key.name;
    EXPECT_NE(result->origin.at(std::string(key.name)), "default") << key.name;
  }
}

TEST(Keys, each_has_section_documentation_and_a_name_of_its_own) {
  std::set<std::string> names;
  std::set<std::string_view> sections;
  for (const auto& section : all_sections()) sections.insert(section.name);
  for (const auto& key : all_keys()) {
    EXPECT_TRUE(names.insert(env_name(key)).second) << key.name;
    EXPECT_TRUE(section_of(key).empty() || sections.contains(section_of(key))) << key.name;
    EXPECT_GT(key.doc.size(), 15u) << key.name;
    EXPECT_TRUE(key.doc.ends_with('.')) << key.name;
    EXPECT_LE(key.least, key.most) << key.name;
  }
}

TEST(Keys, each_default_is_within_its_bounds) {
  for (const auto& key : all_keys()) {
    Settings settings;
    if (kind_of(key) == Kind::list) continue;  // covered by the commented file
    auto text = write_toml(key, settings);
    if (text.starts_with('"')) text = text.substr(1, text.size() - 2);
    const auto value = parse_value(key, text);
    ASSERT_TRUE(value) << key.name;
    EXPECT_FALSE(assign(key, *value, settings)) << key.name;
  }
}

TEST(Schema, has_every_key_and_refuses_others) {
  const auto document = schema();
  EXPECT_EQ(document.at("$schema").as_string(), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_FALSE(document.at("additionalProperties").as_bool());
  const auto& top = document.at("properties").as_object();
  for (const auto& key : all_keys()) {
    const auto section = section_of(key);
    const auto& properties = section.empty() ? top : top.at(section).at("properties").as_object();
    ASSERT_TRUE(properties.contains(word_of(key))) << key.name;
    EXPECT_EQ(properties.at(word_of(key)).at("description").as_string(), key.doc) << key.name;
  }
  const auto& quickstart = top.at("quickstart").at("properties").as_object();
  EXPECT_TRUE(quickstart.contains("password_file"));
  EXPECT_FALSE(quickstart.at("password").as_object().contains("default"));
  EXPECT_FALSE(top.at("quickstart").at("additionalProperties").as_bool());
}

TEST(Describe, masks_secrets_and_says_where_from) {
  Sources sources;
  sources.environment = {{"CLAVIGER_QUICKSTART__PASSWORD", "canary-canary-canary"},
                         {"CLAVIGER_TOKENS__CODE_TTL", "30s"}};
  const auto result = load_text("", "claviger.toml", sources);
  ASSERT_TRUE(result);
  std::string all;
  for (const auto& line : describe(*result, true)) all += line + "\n";
  EXPECT_EQ(all.find("canary"), std::string::npos);
  EXPECT_EQ(all.find("demo-client-secret"), std::string::npos);
  EXPECT_NE(all.find("# environment CLAVIGER_TOKENS__CODE_TTL"), std::string::npos);
  EXPECT_NE(all.find("tokens.code_ttl = \"30s\""), std::string::npos);
  for (const auto& line : describe(*result, false)) EXPECT_EQ(line.find('#'), std::string::npos);
}

TEST(Durations, form) {
  EXPECT_EQ(parse_duration("90s"), Seconds(90));
  EXPECT_EQ(parse_duration("10m"), Seconds(600));
  EXPECT_EQ(parse_duration("1h30m"), Seconds(5400));
  EXPECT_EQ(parse_duration("14d"), Seconds(14 * 86400));
  EXPECT_EQ(parse_duration("0s"), Seconds(0));
  for (const auto* bad : {"", "10", "m", "10 m", "-1s", "1.5h", "30m1h", "1m1m", "1w", "10ms",
                          "99999999999d", "9999999999d", "10M", " 10m", "10m "}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
  for (const int seconds : {0, 1, 59, 60, 90, 3600, 5400, 86400, 14 * 86400}) {
    EXPECT_EQ(parse_duration(write_duration(Seconds(seconds))), Seconds(seconds));
  }
}

}  // namespace
}  // namespace claviger::config
