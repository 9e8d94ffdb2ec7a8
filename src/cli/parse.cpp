#include "cli/parse.hpp"

#include <CLI/CLI.hpp>

#include <deque>

namespace claviger::cli {
namespace {

// Where CLI11 puts what it reads: one slot for each option of each command.
struct Slots {
  std::deque<std::pair<std::string, std::vector<std::string>>> values;
  std::deque<std::pair<std::string, bool>> switches;
  std::string positional;
};

void add_option(CLI::App& app, const Option& option, Slots& slots) {
  const std::string name(option.name);
  if (option.value.empty()) {
    auto& slot = slots.switches.emplace_back(option.long_name(), false);
    app.add_flag(name, slot.second, std::string(option.doc));
    return;
  }
  auto& slot = slots.values.emplace_back(name, std::vector<std::string>{});
  auto* made = app.add_option(name, slot.second, std::string(option.doc));
  made->type_name(std::string(option.value));
  if (option.repeatable) {
    made->allow_extra_args(false);  // one value each time it is given
  } else {
    made->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
}

void add_positional(CLI::App& app, std::string_view positional, Slots& slots) {
  const bool required = !positional.starts_with('[');
  const auto name = required ? positional : positional.substr(1, positional.size() - 2);
  auto* made = app.add_option(std::string(name), slots.positional);
  made->required(required)->type_name("");
}

class Tree {
 public:
  Tree() : app_("Claviger: an OAuth 2.1 authorization server.", "claviger") {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.set_help_flag("-h,--help", "Show this help.");
    for (const auto& option : global_options()) add_option(app_, option, slots_);
    for (const auto& noun : all_nouns()) {
      auto* made = app_.add_subcommand(std::string(noun.word), std::string(noun.doc));
      made->require_subcommand(1);
      made->fallthrough();
    }
    for (const auto& command : all_commands()) add(command);
  }

  CLI::App& app() { return app_; }

  Parsed collect() {
    Parsed parsed;
    for (const auto& [app, entry] : entries_) {
      if (app->parsed()) parsed.command = entry.first;
      if (app->parsed()) take(*entry.second, parsed);
    }
    take(slots_, parsed);
    return parsed;
  }

 private:
  void add(const Command& command) {
    CLI::App* parent = &app_;
    std::string_view word = command.words;
    const auto space = word.find(' ');
    if (space != std::string_view::npos) {
      parent = app_.get_subcommand(std::string(word.substr(0, space)));
      word = word.substr(space + 1);
    }
    auto* made = parent->add_subcommand(std::string(word), std::string(command.doc));
    made->fallthrough();
    auto& slots = command_slots_.emplace_back();
    if (!command.positional.empty()) add_positional(*made, command.positional, slots);
    for (const auto& option : command.options) add_option(*made, option, slots);
    entries_.emplace_back(made, std::pair(&command, &slots));
  }

  static void take(Slots& slots, Parsed& parsed) {
    for (auto& [name, values] : slots.values) {
      if (!values.empty()) parsed.values[name] = values;
    }
    for (const auto& [name, given] : slots.switches) {
      if (given) parsed.switches.insert(name);
    }
    if (!slots.positional.empty()) parsed.positional = slots.positional;
  }

  CLI::App app_;
  Slots slots_;
  std::deque<Slots> command_slots_;
  std::vector<std::pair<CLI::App*, std::pair<const Command*, Slots*>>> entries_;
};

}  // namespace

std::variant<Parsed, HelpText, UsageError> parse(const std::vector<std::string>& arguments) {
  Tree tree;
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    tree.app().parse(reversed);  // takes the first from the back
    return tree.collect();
  } catch (const CLI::CallForHelp&) {
    return HelpText{tree.app().help()};
  } catch (const CLI::ParseError& error) {
    return diagnose(arguments, error.what());
  }
}

}  // namespace claviger::cli
