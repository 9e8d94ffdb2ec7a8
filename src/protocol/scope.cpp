#include "protocol/scope.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/reasons/scope.hpp"
#include "base/text.hpp"

namespace claviger::protocol {
namespace {

bool is_scope_character(char c) { return c >= 0x21 && c <= 0x7e && c != '"' && c != '\\'; }

}  // namespace

bool contains(const Scopes& scopes, std::string_view word) {
  return std::ranges::find(scopes, word) != scopes.end();
}

Result<Scopes> parse_scope(std::string_view text) {
  if (text.size() > limits::kScopeBytes) return refused(reason::scope_too_long);
  auto words = split_words(text);
  if (words.size() > limits::kScopeItems) return refused(reason::scope_too_long);
  Scopes scopes;
  for (auto& word : words) {
    if (!std::ranges::all_of(word, is_scope_character)) return refused(reason::scope_malformed);
    if (!contains(scopes, word)) scopes.push_back(std::move(word));
  }
  return scopes;
}

Scopes clamp_scopes(const std::optional<Scopes>& asked, const Client& client,
                    const Policy& policy) {
  const auto allowed = [&](const std::string& word) {
    return contains(policy.scopes, word) &&
           (client.scopes.empty() || contains(client.scopes, word));
  };
  // Who names no scope gets data, not another protocol (OIDCC-3.1.2.1) nor a standing permission
  // (OIDCC-11): these two are given only to who asks for them.
  const auto assumed = [&](const std::string& word) {
    return word != kOpenid && word != kOfflineAccess && allowed(word);
  };
  Scopes scopes;
  if (asked) {
    std::ranges::copy_if(*asked, std::back_inserter(scopes), allowed);
  } else {
    std::ranges::copy_if(policy.scopes, std::back_inserter(scopes), assumed);
  }
  return scopes;
}

bool covers(const Scopes& allowed, const Scopes& asked) {
  return std::ranges::all_of(asked,
                             [&](const std::string& word) { return contains(allowed, word); });
}

std::string to_text(const Scopes& scopes) {
  std::string text;
  for (const auto& word : scopes) {
    if (!text.empty()) text.push_back(' ');
    text += word;
  }
  return text;
}

}  // namespace claviger::protocol
