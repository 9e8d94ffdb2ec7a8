#include "config/complaints.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace claviger::config {
namespace {

constexpr std::size_t kExcerptColumns = 100;
constexpr std::size_t kLongestWord = 64;     // longer ones are no misspelling of anything
constexpr std::size_t kMostComplaints = 50;  // of one file: more help nobody

std::string_view line_of(std::string_view text, std::size_t number) {
  for (std::size_t line = 1; line < number; ++line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

std::string_view first_word(std::string_view line) {
  const auto start = std::min(line.find_first_not_of(" \t"), line.size());
  return line.substr(0, std::min(line.find_first_of(" \t=:", start), line.size()));
}

// A line about a password or a secret, spelled right or wrong, is shown without its value: what an
// operator mistyped must not end up in a log.
bool speaks_of_a_secret(std::string_view line) {
  const auto lower = to_lower_ascii(line);
  for (const std::string_view word : {"secret", "passw", "pwd"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  const auto words = split_words(first_word(lower));
  for (const auto& key : all_keys()) {
    if (kind_of(key) != Kind::secret || words.empty()) continue;
    if (words.front().size() > kLongestWord) continue;
    if (edit_distance(words.front(), word_of(key)) <= 3) return true;
  }
  return false;
}

std::string shown(std::string_view line) {
  const bool hide = speaks_of_a_secret(line);
  std::string out;
  for (const char c : hide ? first_word(line) : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r' || (byte & 0xc0) == 0x80) continue;  // columns count code points
    out += byte >= 0x80 || byte < 0x20 || byte == 0x7f ? (c == '\t' ? ' ' : '?') : c;
  }
  if (hide) out += " ****";
  if (out.size() > kExcerptColumns) out = out.substr(0, kExcerptColumns) + " ...";
  return out;
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  return word.size() > kLongestWord ? std::string_view() : nearest_spelling(word, candidates);
}

std::string did_you_mean(std::string_view word) {
  return word.empty() ? std::string() : fmt::format("did you mean \"{}\"?", word);
}

}  // namespace

void FileComplaints::add(Place place, std::string message, std::string help) {
  if (entries_.size() >= kMostComplaints) return;
  Complaint complaint;
  complaint.where = fmt::format("{}:{}:{}", file_, place.line, place.column);
  complaint.message = std::move(message);
  complaint.excerpt = excerpt(place);
  complaint.help = std::move(help);
  entries_.emplace(std::pair(place.line, place.column), std::move(complaint));
}

std::string FileComplaints::excerpt(Place place) const {
  const auto line = shown(line_of(text_, place.line));
  const auto column = std::max<std::size_t>(place.column, 1);
  if (line.empty() || column > kExcerptColumns) return {};
  const auto room = line.size() >= column ? line.size() - column + 1 : 1;
  const auto width = std::clamp<std::size_t>(place.width, 1, room);
  return fmt::format("{:>5} | {}\n      | {}{}", place.line, line, std::string(column - 1, ' '),
                     std::string(width, '^'));
}

std::vector<Complaint> FileComplaints::sorted() && {
  std::vector<Complaint> out;
  for (auto& [place, complaint] : entries_) out.push_back(std::move(complaint));
  return out;
}

std::string suggest_key(std::string_view section, std::string_view word) {
  std::vector<std::string_view> here;
  for (const auto& key : all_keys()) {
    if (section_of(key) == section) here.push_back(word_of(key));
  }
  const auto near = nearest(word, here);
  if (!near.empty()) {
    const auto dotted =
        section.empty() ? std::string(near) : std::string(section) + "." + std::string(near);
    const auto* key = find_key(dotted);
    return did_you_mean(near) + "   (env: " + (key ? env_name(*key) : "") + ")";
  }
  for (const auto& key : all_keys()) {
    if (word_of(key) == word && section_of(key).empty()) {
      return fmt::format("{} stands above the first section", word);
    }
    if (word_of(key) == word) return fmt::format("{} belongs in [{}]", word, section_of(key));
  }
  return "`claviger config example` lists every key";
}

std::string suggest_section(std::string_view word) {
  std::vector<std::string_view> names;
  for (const auto& section : all_sections()) names.push_back(section.name);
  const auto near = nearest(word, names);
  if (!near.empty()) return fmt::format("did you mean [{}]?", near);
  return "`claviger config example` lists every section";
}

std::string suggest_dotted(std::string_view dotted) {
  std::vector<std::string_view> names;
  for (const auto& key : all_keys()) names.push_back(key.name);
  const auto near = nearest(dotted, names);
  if (!near.empty()) return did_you_mean(near);
  const auto dot = dotted.find('.');
  if (dot == std::string_view::npos) return suggest_key("", dotted);
  return suggest_key(dotted.substr(0, dot), dotted.substr(dot + 1));
}

std::string suggest_env(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& key : all_keys()) {
    names.push_back(env_name(key));
    names.push_back(env_name(key) + "_FILE");
  }
  const auto near = nearest(name, {names.begin(), names.end()});
  if (!near.empty()) return did_you_mean(near);
  return "each key's name is CLAVIGER_<SECTION>__<KEY>";
}

std::string to_text(const Complaint& complaint) {
  std::string out = complaint.where + "  error: " + complaint.message + "\n";
  if (!complaint.excerpt.empty()) {
    out += complaint.excerpt;
    if (!complaint.help.empty()) out += "  " + complaint.help;
    return out + "\n";
  }
  if (!complaint.help.empty()) out += "      " + complaint.help + "\n";
  return out;
}

}  // namespace claviger::config
