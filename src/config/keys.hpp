// The table of settings. Reading, environment names, complaints, schema, the commented file and
// `config show` all walk it; a setting that has no row here does not exist for the operator.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace claviger::config {

enum class Kind { text, secret, list, integer, number, boolean, duration };

using Slot = std::variant<std::string*, Secret*, std::vector<std::string>*, int*, std::uint64_t*,
                          double*, bool*, Seconds*>;

struct Key {
  std::string_view name;  // "tokens.code_ttl"; without a dot: outside every section
  Slot (*slot)(Settings&);
  // Bounds: of a number its value, of a duration its seconds, of a text its bytes, of a list its
  // items.
  double least;
  double most;
  std::string_view choices;  // words that are allowed, separated by a space; empty: any
  std::string_view doc;
};

struct Section {
  std::string_view name;
  std::string_view doc;
};

std::span<const Key> all_keys();
std::span<const Section> all_sections();

const Key* find_key(std::string_view dotted);
Kind kind_of(const Key& key);
std::string_view section_of(const Key& key);  // empty: outside every section
std::string_view word_of(const Key& key);     // "code_ttl"
std::string env_name(const Key& key);         // "CLAVIGER_TOKENS__CODE_TTL"
std::string title_of(const Key& key);         // "[tokens] code_ttl", as complaints name it

}  // namespace claviger::config
