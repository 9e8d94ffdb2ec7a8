#include "store/sql/statement.hpp"

#include <fmt/ranges.h>

#include <boost/json.hpp>

#include "base/text.hpp"

namespace claviger::store::sql {
namespace {

constexpr std::string_view kEmptyList = "[]";

}  // namespace

Id fresh_op(Random& random) { return Id::from_bytes(random.bytes<16>()).value(); }

std::string words_to_text(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::vector<std::string> text_to_words(std::string_view text) { return split_words(text); }

// Most lists are empty, and a parser costs 2,000 instructions.
std::string list_to_text(const std::vector<std::string>& list) {
  if (list.empty()) return std::string(kEmptyList);
  return boost::json::serialize(boost::json::value_from(list));
}

std::vector<std::string> text_to_list(std::string_view text) {
  if (text == kEmptyList) return {};
  return boost::json::value_to<std::vector<std::string>>(boost::json::parse(text));
}

}  // namespace claviger::store::sql
