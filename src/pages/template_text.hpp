// What happens to the text of a template before Mustache sees it: partials are put in place and
// messages are translated. Both happen once, at the start.
//
// A message stands in double square brackets, [[Sign in]]; it may span lines and may hold
// variables,
// [[Go back to {{client_name}}]], but no markup: the translation is escaped, its variables aren't
// touched.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claviger::pages {

using Sources = std::map<std::string, std::string, std::less<>>;
using Translate = std::function<std::optional<std::string>(const std::string& msgid)>;

// Replaces every {{> name}} by the source of that name. Throws std::runtime_error for an unknown
// name, a recursion, or a tag that would print without escaping (XS-01).
std::string expand_partials(std::string_view text, const Sources& sources);

// The messages of a text, whitespace collapsed, in order.
std::vector<std::string> find_messages(std::string_view text);

// The variables and sections that a text names, sorted, each once.
std::vector<std::string> find_variables(std::string_view text);

// Throws std::runtime_error when a translation is missing or names other variables than the
// original.
std::string translate_messages(std::string_view text, const Translate& translate);

}  // namespace claviger::pages
