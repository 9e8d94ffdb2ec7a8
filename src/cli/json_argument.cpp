#include "cli/json_argument.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "base/json.hpp"
#include "base/limits.hpp"

namespace claviger::cli {

namespace json = boost::json;

std::expected<json::object, int> read_json_argument(Invocation& in, std::string_view option) {
  const auto given = in.parsed().value(option);
  if (!given) return json::object();
  std::string text = *given;
  if (!text.starts_with('{')) {
    std::ifstream file(text, std::ios::binary);
    if (!file) {
      return std::unexpected(in.fail(kUsage, fmt::format("can't read the file {}", text),
                                     fmt::format("give {} a file, or the object itself", option)));
    }
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  const auto parsed = parse_json(text, limits::kAdminBytes);
  if (parsed && parsed->is_object()) return parsed->get_object();
  return std::unexpected(in.fail(kUsage, fmt::format("{} holds no JSON object", option),
                                 "in UTF-8, without repeated names"));
}

}  // namespace claviger::cli
