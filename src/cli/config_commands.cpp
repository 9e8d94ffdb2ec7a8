#include <ostream>

#include "cli/handlers.hpp"
#include "cli/output.hpp"
#include "config/load.hpp"

namespace claviger::cli {

namespace json = boost::json;

// Whoever gets here has settings without a complaint.
int config_check(Invocation& in) {
  const auto& settings = in.loaded().settings;
  const bool open = config::registration_is_open(settings);
  json::object answer{
      {"ok", true}, {"issuer", settings.issuer}, {"registration", open ? "open" : "closed"}};
  return in.answer(
      answer, "The settings are fine.\n" + fields({{"issuer", settings.issuer},
                                                   {"registration", open ? "open" : "closed"}}));
}

int config_show(Invocation& in) {
  const bool origin = in.parsed().has("--origin");
  std::string text;
  for (const auto& line : config::describe(in.loaded(), origin)) text += line + "\n";
  json::array all;
  for (const auto& line : config::describe(in.loaded(), false)) {
    const auto equals = line.find(" = ");
    const auto key = line.substr(0, equals);
    const auto found = in.loaded().origin.find(key);
    all.push_back(
        json::object{{"key", key},
                     {"value", line.substr(equals + 3)},
                     {"origin", found == in.loaded().origin.end() ? "default" : found->second}});
  }
  return in.answer({{"settings", std::move(all)}}, text);
}

int config_schema(Invocation& in) {
  in.console().out << pretty(config::schema());
  return kOk;
}

int config_example(Invocation& in) {
  const auto text = config::commented_file();
  return in.answer({{"toml", text}}, text);
}

}  // namespace claviger::cli
