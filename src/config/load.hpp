// defaults < claviger.toml < conf.d/*.toml beside it < environment < command line. In a file a
// secret `key` may be given as `key_file`, in the environment every CLAVIGER_<SECTION>__<KEY> as
// CLAVIGER_<SECTION>__<KEY>_FILE; both in one place is a complaint. Every complaint at once, each
// with file, line, column and the nearest right spelling.
#pragma once
#include <boost/json.hpp>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace claviger::config {

struct Complaint {
  std::string where;    // "claviger.toml:14:1", "environment: CLAVIGER_TOKENS__CODE_TTL",
                        // "command line: tokens.code_ttl"
  std::string message;  // "unknown key \"acess_token_ttl\" in [tokens]"
  std::string excerpt;  // the source line with a marker below, may be empty
  std::string help;     // "did you mean ..."
};
std::string to_text(const Complaint& complaint);  // several lines, as shown to the operator

struct Loaded {
  Settings settings;
  std::map<std::string, std::string>
      origin;  // "tokens.code_ttl" -> "default", "claviger.toml:12", "environment ..."
};

struct Sources {
  std::optional<std::string>
      file;  // given by --config: must exist. Nothing: ./claviger.toml if there is one
  std::map<std::string, std::string> environment;  // the CLAVIGER_* variables
  std::map<std::string, std::string> overrides;  // "data.directory" -> value, from the command line
};
std::map<std::string, std::string> claviger_environment();

std::expected<Loaded, std::vector<Complaint>> load(const Sources& sources);
// The same for a text, without touching files (fuzzing, tests).
std::expected<Loaded, std::vector<Complaint>> load_text(std::string_view toml,
                                                        const std::string& name,
                                                        const Sources& sources);

// Rules that span keys: issuer form, http only on loopback, open registration against listeners ...
std::vector<Complaint> judge(const Settings& settings,
                             const std::map<std::string, std::string>& origin);

boost::json::object schema();  // JSON Schema 2020-12 of the file
std::string commented_file();  // config/claviger.toml: every key with its default
std::vector<std::string> describe(
    const Loaded& loaded,
    bool origin);  // `config show`: "key = value  # where from"; secrets masked

// Facts that follow from the settings.
bool issuer_is_loopback(const Settings& settings);
bool registration_is_open(const Settings& settings);
std::string issuer_host(const Settings& settings);  // "localhost:2003"

}  // namespace claviger::config
