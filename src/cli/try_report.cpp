#include "cli/try_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "cli/console.hpp"
#include "cli/output.hpp"
#include "cli/words.hpp"

namespace claviger::cli {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 5> kMoments{"exp", "iat", "nbf", "auth_time", "updated_at"};
constexpr std::int64_t kYear9999 = 253402300799;

const json::object& object_in(const json::object& object, std::string_view name) {
  static const json::object none;
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : none;
}

const json::array& array_in(const json::object& object, std::string_view name) {
  static const json::array none;
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : none;
}

// "iat  1790000000  2 seconds ago": the number is what programs see, the words are for people.
std::string claim_lines(const json::object& claims, std::int64_t now) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& claim : claims) {
    const std::string_view name = claim.key();
    auto text = text_of(claims, name);
    const auto seconds = json_seconds(claims, name);
    if (std::ranges::find(kMoments, name) != kMoments.end() && seconds && *seconds < kYear9999) {
      text += "  " + moment_words(std::chrono::seconds(*seconds - now));
    }
    lines.emplace_back("    " + harmless(name), std::move(text));
  }
  return fields(lines);
}

std::string token_text(const json::object& token, std::int64_t now, bool shown) {
  std::string out = fmt::format("\n{}: {}\n", text_of(token, "name"), text_of(token, "purpose"));
  if (shown) out += fmt::format("  {}\n", harmless(text_of(token, "value")));
  const auto& header = object_in(token, "header");
  if (!header.empty()) out += "  header\n" + claim_lines(header, now);
  const auto& claims = object_in(token, "claims");
  if (!claims.empty()) out += "  claims\n" + claim_lines(claims, now);
  return out + fmt::format("  {}\n", harmless(text_of(token, "remark")));
}

std::string curl_lines(const json::array& requests) {
  std::string out = "\nThe same with curl; names in capitals are variables of yours:\n";
  for (const auto& item : requests) {
    if (!item.is_object()) continue;
    const auto& request = item.get_object();
    out += fmt::format("\n# {}: {}\n{}\n", harmless(text_of(request, "what")),
                       text_of(request, "status"), harmless(text_of(request, "curl")));
  }
  return out;
}

}  // namespace

std::string describe_try(const json::object& report, bool tokens) {
  const auto now = json_seconds(report, "at").value_or(0);
  const auto& client = object_in(report, "client");
  const bool kept = text_of(client, "kept") == "true";
  auto out = fields({{"issuer", text_of(report, "issuer")},
                     {"client", text_of(client, "client_id")},
                     {"secret", tokens ? text_of(client, "client_secret") : ""},
                     {"scopes", text_of(object_in(report, "token_response"), "scope")}});
  for (const auto& token : array_in(report, "tokens")) {
    if (token.is_object()) out += token_text(token.get_object(), now, tokens);
  }
  const auto& person = object_in(report, "userinfo");
  if (!person.empty()) {
    out += "\nuserinfo: what the server tells about the person for this access token\n" +
           claim_lines(person, now);
  }
  out += curl_lines(array_in(report, "requests"));
  const auto id = harmless(text_of(client, "client_id"));
  if (kept) out += fmt::format("\nThe client stays, for the tokens: claviger client rm {}\n", id);
  if (!tokens) out += "\nThe tokens themselves: --show-tokens, or --json.\n";
  return out;
}

}  // namespace claviger::cli
