#include <algorithm>

#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/parse.hpp"

namespace claviger::cli {
namespace {

std::string quoted(std::string_view word) { return "\"" + harmless(word.substr(0, 64)) + "\""; }

std::vector<std::string_view> first_words() {
  std::vector<std::string_view> out;
  for (const auto& noun : all_nouns()) out.push_back(noun.word);
  for (const auto& command : all_commands()) {
    if (command.words.find(' ') == std::string_view::npos) out.push_back(command.words);
  }
  return out;
}

std::vector<std::string_view> second_words(std::string_view noun) {
  std::vector<std::string_view> out;
  for (const auto& command : all_commands()) {
    const auto space = command.words.find(' ');
    if (space != std::string_view::npos && command.words.substr(0, space) == noun) {
      out.push_back(command.words.substr(space + 1));
    }
  }
  return out;
}

std::string list(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

UsageError unknown_word(std::string_view word, const std::string& before,
                        const std::vector<std::string_view>& known) {
  const auto near = word.size() > 32 ? std::string_view() : nearest_spelling(word, known);
  UsageError error{"there is no command " + quoted(before + std::string(word)), ""};
  error.next = near.empty() ? "claviger " + before + "knows: " + list(known)
                            : "did you mean `claviger " + before + std::string(near) + "`?";
  return error;
}

// Walks the words that are neither options nor their values.
class Walk {
 public:
  Walk(const std::vector<std::string>& arguments, const Command* command)
      : arguments_(arguments), command_(command) {}

  std::optional<std::string> next() {
    while (at_ < arguments_.size()) {
      const auto& word = arguments_[at_++];
      if (word == "--" || !word.starts_with('-') || word == "-") return word;
      if (word.find('=') == std::string::npos && takes_value(word)) ++at_;
    }
    return std::nullopt;
  }

 private:
  bool takes_value(std::string_view name) const {
    const auto is = [&](const Option& option) {
      return option.name == name && !option.value.empty();
    };
    if (std::ranges::any_of(global_options(), is)) return true;
    return command_ != nullptr && std::ranges::any_of(command_->options, is);
  }

  const std::vector<std::string>& arguments_;
  const Command* command_;
  std::size_t at_ = 0;
};

std::optional<UsageError> unknown_option(const std::vector<std::string>& arguments,
                                         const Command& command) {
  std::vector<std::string_view> known{"--help"};
  for (const auto& option : global_options()) known.push_back(option.long_name());
  for (const auto& option : command.options) known.push_back(option.long_name());
  for (const auto& word : arguments) {
    if (word == "--") break;
    if (!word.starts_with("--")) continue;
    const auto name = std::string_view(word).substr(0, word.find('='));
    if (std::ranges::find(known, name) != known.end()) continue;
    const auto near = name.size() > 32 ? std::string_view() : nearest_spelling(name, known);
    UsageError error{"claviger " + std::string(command.words) + " has no option " + quoted(name),
                     "claviger " + std::string(command.words) + " --help lists its options"};
    if (!near.empty()) error.next = "did you mean " + std::string(near) + "?";
    return error;
  }
  return std::nullopt;
}

}  // namespace

UsageError diagnose(const std::vector<std::string>& arguments, const std::string& said) {
  Walk nouns(arguments, nullptr);
  const auto first = nouns.next();
  const auto firsts = first_words();
  if (!first) return {"no command was given", "claviger --help lists the commands"};
  if (std::ranges::find(firsts, *first) == firsts.end()) return unknown_word(*first, "", firsts);
  std::string words = *first;
  const auto seconds = second_words(*first);
  if (!seconds.empty()) {
    const auto second = nouns.next();
    if (!second) {
      return {"claviger " + words + " needs a word behind it",
              "claviger " + words + " knows: " + list(seconds)};
    }
    if (std::ranges::find(seconds, *second) == seconds.end()) {
      return unknown_word(*second, words + " ", seconds);
    }
    words += " " + *second;
  }
  const auto* command = find_command(words);
  if (command != nullptr) {
    if (auto error = unknown_option(arguments, *command)) return *error;
  }
  return {harmless(said), "claviger " + words + " --help"};
}

}  // namespace claviger::cli
