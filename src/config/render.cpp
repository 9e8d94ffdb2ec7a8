#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/keys.hpp"
#include "config/load.hpp"
#include "config/values.hpp"

namespace claviger::config {
namespace {

namespace json = boost::json;

constexpr std::size_t kTextColumns = 96;

// `text` as comment lines of at most kTextColumns.
std::string comment(std::string_view text) {
  std::string out;
  std::string line = "#";
  for (const auto& word : split_words(text)) {
    if (line.size() + 1 + word.size() > kTextColumns) {
      out += line + "\n";
      line = "#";
    }
    line += " " + word;
  }
  return out + line + "\n";
}

std::string commented_key(const Key& key, Settings& defaults) {
  std::string out = "\n" + comment(key.doc);
  if (!key.choices.empty()) {
    std::string words;
    for (const auto& word : split_words(key.choices)) words += (words.empty() ? "" : ", ") + word;
    out += comment("One of: " + words + ".");
  }
  out += "# Environment: " + env_name(key) + "\n";
  return out + fmt::format("#{} = {}\n", word_of(key), write_toml(key, defaults));
}

struct ToJson {
  json::value operator()(const std::string* text) const { return json::value(*text); }
  json::value operator()(const Secret*) const { return nullptr; }
  json::value operator()(const std::vector<std::string>* items) const {
    return json::value_from(*items);
  }
  json::value operator()(const Seconds* duration) const {
    return json::value(write_duration(*duration));
  }
  json::value operator()(const auto* number) const { return json::value(*number); }
};

json::value bound(double value) {
  if (value == static_cast<double>(static_cast<std::int64_t>(value))) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

json::object key_schema(const Key& key, Settings& defaults) {
  json::object out;
  out["description"] = key.doc;
  switch (kind_of(key)) {
    case Kind::text:
    case Kind::secret:
      out["type"] = "string";
      out["minLength"] = key.least > 0 ? 1 : 0;  // bounds are in bytes, a schema counts characters
      out["maxLength"] = bound(key.most);
      break;
    case Kind::list:
      out["type"] = "array";
      out["items"] = json::object{{"type", "string"}, {"minLength", 1}};
      out["minItems"] = bound(key.least);
      out["maxItems"] = bound(key.most);
      break;
    case Kind::integer:
    case Kind::number:
      out["type"] = kind_of(key) == Kind::integer ? "integer" : "number";
      out["minimum"] = bound(key.least);
      out["maximum"] = bound(key.most);
      break;
    case Kind::boolean:
      out["type"] = "boolean";
      break;
    case Kind::duration:
      out["type"] = "string";
      out["pattern"] = "^(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$";
      break;
  }
  if (!key.choices.empty()) out["enum"] = json::value_from(split_words(key.choices));
  const auto value = std::visit(ToJson{}, key.slot(defaults));
  if (!value.is_null()) out["default"] = value;
  return out;
}

json::object section_schema(std::string_view section, std::string_view doc, Settings& defaults) {
  json::object properties;
  for (const auto& key : all_keys()) {
    if (section_of(key) != section) continue;
    properties[word_of(key)] = key_schema(key, defaults);
    if (kind_of(key) != Kind::secret) continue;
    properties[std::string(word_of(key)) + "_file"] = json::object{
        {"type", "string"}, {"description", fmt::format("A file that holds {}.", word_of(key))}};
  }
  json::object out{{"type", "object"}, {"additionalProperties", false}};
  if (!doc.empty()) out["description"] = doc;
  out["properties"] = std::move(properties);
  return out;
}

}  // namespace

json::object schema() {
  Settings defaults;
  auto out = section_schema("", "", defaults);
  auto& properties = out["properties"].as_object();
  for (const auto& section : all_sections()) {
    properties[section.name] = section_schema(section.name, section.doc, defaults);
  }
  out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  out["title"] = "claviger.toml";
  return out;
}

std::string commented_file() {
  Settings defaults;
  std::string out =
      "# Settings of claviger. Every key is here with its default; take away the # before one to\n"
      "# change it. `claviger config check` tells what is wrong, `claviger config show --origin`\n"
      "# where each value comes from.\n"
      "#\n"
      "# What counts, from the weakest: these defaults, claviger.toml, conf.d/*.toml beside it, "
      "the\n"
      "# environment, the command line (--set tokens.code_ttl=30s). Each variable has a twin with\n"
      "# _FILE that names a file to read the value from; so has, in this file, every secret:\n"
      "# client_secret_file. Durations are written 90s, 10m, 1h30m, 14d. Lists in the environment\n"
      "# are separated by commas. Paths are relative to the folder in which the server is "
      "started.\n";
  for (const auto& key : all_keys()) {
    if (section_of(key).empty()) out += commented_key(key, defaults);
  }
  for (const auto& section : all_sections()) {
    out += "\n\n" + comment(section.doc) + "[" + std::string(section.name) + "]\n";
    for (const auto& key : all_keys()) {
      if (section_of(key) == section.name) out += commented_key(key, defaults);
    }
  }
  return out;
}

std::vector<std::string> describe(const Loaded& loaded, bool origin) {
  Settings settings = loaded.settings;
  std::vector<std::string> lines;
  std::size_t width = 0;
  for (const auto& key : all_keys()) {
    const bool secret = kind_of(key) == Kind::secret;
    lines.push_back(
        fmt::format("{} = {}", key.name, secret ? "\"****\"" : write_toml(key, settings)));
    width = std::max(width, std::min<std::size_t>(lines.back().size(), 60));
  }
  if (!origin) return lines;
  auto line = lines.begin();
  for (const auto& key : all_keys()) {
    const auto found = loaded.origin.find(std::string(key.name));
    *line = fmt::format("{:<{}}  # {}", *line, width,
                        found == loaded.origin.end() ? "default" : found->second);
    ++line;
  }
  return lines;
}

}  // namespace claviger::config
