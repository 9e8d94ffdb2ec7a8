#include "config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "config/complaints.hpp"
#include "config/sources.hpp"
#include "config/toml_guard.hpp"
#include "config/values.hpp"

extern char** environ;

namespace claviger::config {
namespace {

namespace fs = std::filesystem;

std::expected<std::string, std::string> read_small_file(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return std::unexpected(path + " is a folder");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return std::unexpected(fmt::format("can't read {}: {}", path, std::strerror(errno)));
  }
  std::string text(kMaxFileBytes + 1, '\0');  // one more: read_toml sees that it was too large
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

// The value of a _FILE twin: the file's text without the newline that editors leave at the end.
std::expected<std::string, std::string> read_value_file(const std::string& path) {
  auto text = read_small_file(path);
  if (text && text->ends_with('\n')) text->pop_back();
  if (text && text->ends_with('\r')) text->pop_back();
  return text;
}

std::vector<std::string> drop_ins(const std::string& file) {
  std::vector<std::string> found;
  const auto folder = fs::path(file).parent_path() / "conf.d";
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".toml") found.push_back(it->path().string());
  }
  std::ranges::sort(found);
  return found;
}

void read_toml_file(const std::string& path, Reading& reading) {
  const auto text = read_small_file(path);
  if (text) return read_toml(*text, path, reading);
  reading.complaints.push_back({path, text.error(), "", "--config names the file to read"});
}

void store_text(const Key& key, std::string_view text, const std::string& where,
                const std::string& origin, Reading& reading) {
  const auto value = parse_value(key, text);
  if (!value) {
    reading.complaints.push_back({where, title_of(key) + " must be " + value.error(), "", ""});
    return;
  }
  const auto fault = assign(key, *value, reading.loaded.settings);
  if (fault) {
    reading.complaints.push_back({where, fault->problem, "", fault->help});
    return;
  }
  reading.loaded.origin[std::string(key.name)] = origin;
}

const Key* find_env(std::string_view name) {
  for (const auto& key : all_keys()) {
    if (env_name(key) == name) return &key;
  }
  return nullptr;
}

}  // namespace

Reading begin_reading(ReadFile read_file) {
  Reading reading;
  reading.read_file = std::move(read_file);
  for (const auto& key : all_keys()) reading.loaded.origin[std::string(key.name)] = "default";
  return reading;
}

void read_environment(const std::map<std::string, std::string>& environment, Reading& reading) {
  for (const auto& [name, text] : environment) {
    const auto where = "environment: " + name;
    if (const auto* key = find_env(name)) {
      store_text(*key, text, where, "environment " + name, reading);
      continue;
    }
    const auto* twin =
        name.ends_with("_FILE") ? find_env(name.substr(0, name.size() - 5)) : nullptr;
    if (twin == nullptr) {
      reading.complaints.push_back({where, "unknown variable", "", suggest_env(name)});
    } else if (environment.contains(env_name(*twin))) {
      reading.complaints.push_back(
          {where, env_name(*twin) + " is set too", "", "keep one of them"});
    } else if (const auto value = reading.read_file(text)) {
      store_text(*twin, *value, where, fmt::format("environment {} ({})", name, text), reading);
    } else {
      reading.complaints.push_back({where, value.error(), "", ""});
    }
  }
}

void read_overrides(const std::map<std::string, std::string>& overrides, Reading& reading) {
  for (const auto& [name, text] : overrides) {
    const auto where = "command line: " + name;
    if (const auto* key = find_key(name)) {
      store_text(*key, text, where, "command line", reading);
    } else {
      reading.complaints.push_back(
          {where, fmt::format("unknown key \"{}\"", name), "", suggest_dotted(name)});
    }
  }
}

std::expected<Loaded, std::vector<Complaint>> finish_reading(Reading reading) {
  // Judged with what could be read, so that everything that is wrong is said at once.
  for (auto& complaint : judge(reading.loaded.settings, reading.loaded.origin)) {
    reading.complaints.push_back(std::move(complaint));
  }
  if (!reading.complaints.empty()) return std::unexpected(std::move(reading.complaints));
  return std::move(reading.loaded);
}

std::map<std::string, std::string> claviger_environment() {
  std::map<std::string, std::string> found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !text.starts_with("CLAVIGER_")) continue;
    found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

std::expected<Loaded, std::vector<Complaint>> load(const Sources& sources) {
  auto reading = begin_reading(read_value_file);
  const std::string file = sources.file.value_or("claviger.toml");
  std::error_code error;
  if (sources.file || fs::exists(file, error)) {
    read_toml_file(file, reading);
    for (const auto& drop_in : drop_ins(file)) read_toml_file(drop_in, reading);
  }
  read_environment(sources.environment, reading);
  read_overrides(sources.overrides, reading);
  return finish_reading(std::move(reading));
}

std::expected<Loaded, std::vector<Complaint>> load_text(std::string_view toml,
                                                        const std::string& name,
                                                        const Sources& sources) {
  auto reading = begin_reading([](const std::string&) -> std::expected<std::string, std::string> {
    return std::unexpected(std::string("no file is read here"));
  });
  read_toml(toml, name, reading);
  read_environment(sources.environment, reading);
  read_overrides(sources.overrides, reading);
  return finish_reading(std::move(reading));
}

}  // namespace claviger::config
