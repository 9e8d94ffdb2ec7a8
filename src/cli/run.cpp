#include "cli/run.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "cli/invocation.hpp"
#include "cli/output.hpp"
#include "cli/parse.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

std::expected<config::Sources, UsageError> sources_of(const Parsed& parsed) {
  config::Sources sources;
  sources.file = parsed.value("--config");
  sources.environment = config::claviger_environment();
  for (const auto& setting : parsed.all("--set")) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      return std::unexpected(
          UsageError{"--set takes KEY=VALUE", "such as --set tokens.code_ttl=30s"});
    }
    sources.overrides[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  if (const auto data = parsed.value("--data")) sources.overrides["data.directory"] = *data;
  return sources;
}

int show_complaints(Console& console, bool as_json,
                    const std::vector<config::Complaint>& complaints) {
  if (as_json) {
    json::array all;
    for (const auto& complaint : complaints) {
      all.push_back(json::object{
          {"where", complaint.where}, {"message", complaint.message}, {"help", complaint.help}});
    }
    console.err << pretty(
        json::object{{"error", "the settings are wrong"},
                     {"complaints", std::move(all)},
                     {"next", "mend them; claviger config example has every key"}});
    return kConfig;
  }
  for (const auto& complaint : complaints) console.err << config::to_text(complaint);
  console.err << "\n"
              << complaints.size() << (complaints.size() == 1 ? " complaint" : " complaints")
              << " about the settings; nothing was started.\n"
              << "  next: mend them; `claviger config example` prints every key with its default\n";
  return kConfig;
}

int run_parsed(const Parsed& parsed, const Hooks& hooks, Console& console) {
  const bool as_json = parsed.has("--json");
  if (parsed.command->needs == Needs::nothing) {
    Invocation invocation(parsed, hooks, console, nullptr);
    return parsed.command->run(invocation);
  }
  const auto sources = sources_of(parsed);
  if (!sources)
    return fail(console, as_json, kUsage, sources.error().problem, sources.error().next);
  std::error_code error;
  if (sources->file && !std::filesystem::exists(*sources->file, error)) {
    return fail(console, as_json, kNoInput, "there is no file " + *sources->file,
                "claviger config example > " + *sources->file + " makes one");
  }
  const auto loaded = config::load(*sources);
  if (!loaded) return show_complaints(console, as_json, loaded.error());
  Invocation invocation(parsed, hooks, console, &*loaded);
  return parsed.command->run(invocation);
}

}  // namespace

int run(const std::vector<std::string>& arguments, const Hooks& hooks, Console& console) {
  const bool as_json = std::ranges::find(arguments, "--json") != arguments.end();
  const auto parsed = parse(arguments);
  if (const auto* help = std::get_if<HelpText>(&parsed)) {
    console.out << help->text;
    return kOk;
  }
  if (const auto* error = std::get_if<UsageError>(&parsed)) {
    return fail(console, as_json, kUsage, error->problem, error->next);
  }
  try {
    return run_parsed(std::get<Parsed>(parsed), hooks, console);
  } catch (const std::exception& broken) {
    return fail(console, as_json, kFailed, broken.what(),
                "claviger doctor looks for what is wrong");
  }
}

int run(const std::vector<std::string>& arguments, const Hooks& hooks) {
  auto console = process_console();
  const int code = run(arguments, hooks, console);
  console.out.flush();
  return code;
}

}  // namespace claviger::cli
