// Reads what /metrics says, strictly: a line that is not of the text format (version 0.0.4) is a
// complaint.
#pragma once
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claviger::test {

struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

class ExpositionReader {
 public:
  explicit ExpositionReader(std::string_view text) {
    if (!text.ends_with('\n')) complaints.push_back("the last line has no end");
    while (!text.empty()) {
      const auto end = text.find('\n');
      read_line(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
  }

  // The sum of what the series with these labels, and perhaps others, say; nothing: there is none.
  std::optional<double> find(std::string_view name,
                             const std::map<std::string, std::string>& labels = {}) const {
    std::optional<double> sum;
    for (const auto& sample : samples) {
      if (sample.name == name && has(sample, labels)) sum = sum.value_or(0) + sample.value;
    }
    return sum;
  }

  std::map<std::string, std::string> types;  // of the families
  std::map<std::string, std::string> helps;
  std::vector<Sample> samples;
  std::vector<std::string> complaints;

 private:
  static bool has(const Sample& sample, const std::map<std::string, std::string>& labels) {
    for (const auto& [name, value] : labels) {
      const auto found = sample.labels.find(name);
      if (found == sample.labels.end() || found->second != value) return false;
    }
    return true;
  }
  void complain(std::string_view line) { complaints.emplace_back(line); }

  void read_line(std::string_view line) {
    const bool help = line.starts_with("# HELP ");
    if (!help && !line.starts_with("# TYPE ")) return read_sample(line);
    const auto rest = line.substr(7);
    const auto space = rest.find(' ');
    if (space == std::string_view::npos) return complain(line);
    auto& told = help ? helps : types;
    const bool first =
        told.emplace(std::string(rest.substr(0, space)), std::string(rest.substr(space + 1)))
            .second;
    if (!first) complain(line);
  }

  void read_sample(std::string_view line) {
    Sample sample;
    const auto end_of_name = line.find_first_of("{ ");
    if (end_of_name == std::string_view::npos) return complain(line);
    sample.name = line.substr(0, end_of_name);
    auto rest = line.substr(end_of_name);
    if (rest.front() == '{' && !read_labels(rest, sample)) return complain(line);
    if (!rest.starts_with(' ')) return complain(line);
    rest.remove_prefix(1);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), sample.value);
    if (error != std::errc() || end != rest.data() + rest.size()) return complain(line);
    samples.push_back(std::move(sample));
  }

  static bool read_labels(std::string_view& rest, Sample& sample) {
    rest.remove_prefix(1);
    while (!rest.starts_with('}')) {
      const auto equals = rest.find("=\"");
      if (equals == std::string_view::npos) return false;
      const auto name = rest.substr(0, equals);
      rest.remove_prefix(equals + 2);
      const auto quote = rest.find('"');  // nothing of ours needs an escape
      if (quote == std::string_view::npos || rest.substr(0, quote).contains('\\')) return false;
      sample.labels.emplace(std::string(name), std::string(rest.substr(0, quote)));
      rest.remove_prefix(quote + 1);
      if (rest.starts_with(',')) rest.remove_prefix(1);
    }
    rest.remove_prefix(1);
    return true;
  }
};

}  // namespace claviger::test
