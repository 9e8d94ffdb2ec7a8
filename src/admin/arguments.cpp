#include "admin/arguments.hpp"

#include <algorithm>

#include "base/reasons/admin.hpp"
#include "base/text.hpp"

namespace claviger::admin {

Arguments::Arguments(boost::json::object object, std::span<const std::string_view> known)
    : object_(std::move(object)) {
  std::string names;
  for (const auto name : known) names += (names.empty() ? "" : ", ") + std::string(name);
  for (const auto& member : object_) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::ranges::find(known, name) != known.end()) continue;
    fault_ = refuse(reason::admin_unknown_argument, names, std::string(name.substr(0, 64)));
    return;
  }
}

void Arguments::blame(std::string_view name, std::string_view kind) {
  if (fault_) return;
  fault_ = refuse(reason::admin_bad_argument, std::string(name) + ": " + std::string(kind));
}

std::string Arguments::text(std::string_view name) {
  auto value = maybe_text(name);
  if (!value || value->empty()) blame(name, "a text that is not empty");
  return value.value_or("");
}

std::optional<std::string> Arguments::maybe_text(std::string_view name) {
  const auto* value = object_.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (!value->is_string()) {
    blame(name, "a text");
    return std::nullopt;
  }
  const auto& string = value->as_string();
  return std::string(string.data(), string.size());
}

std::optional<Secret> Arguments::maybe_secret(std::string_view name) {
  const auto value = maybe_text(name);
  if (!value) return std::nullopt;
  return Secret(*value);
}

bool Arguments::flag(std::string_view name) {
  const auto* value = object_.if_contains(name);
  if (value == nullptr || value->is_null()) return false;
  if (value->is_bool()) return value->as_bool();
  blame(name, "true or false");
  return false;
}

std::optional<std::int64_t> Arguments::maybe_number(std::string_view name, std::int64_t most) {
  const auto* value = object_.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_int64() && value->as_int64() >= 0 && value->as_int64() <= most) {
    return value->as_int64();
  }
  blame(name, "a whole number from 0 to " + std::to_string(most));
  return std::nullopt;
}

std::vector<std::string> Arguments::texts(std::string_view name) {
  std::vector<std::string> out;
  const auto* value = object_.if_contains(name);
  if (value == nullptr || value->is_null()) return out;
  if (!value->is_array()) {
    blame(name, "a list of texts");
    return out;
  }
  for (const auto& item : value->as_array()) {
    if (!item.is_string()) {
      blame(name, "a list of texts");
      return {};
    }
    out.emplace_back(item.as_string().data(), item.as_string().size());
  }
  return out;
}

boost::json::object Arguments::maybe_object(std::string_view name) {
  const auto* value = object_.if_contains(name);
  if (value == nullptr || value->is_null()) return {};
  if (value->is_object()) return value->as_object();
  blame(name, "an object");
  return {};
}

boost::json::object Arguments::only(std::span<const std::string_view> names, bool with_null) const {
  boost::json::object out;
  for (const auto name : names) {
    const auto* value = object_.if_contains(name);
    if (value != nullptr && (with_null || !value->is_null())) out[name] = *value;
  }
  return out;
}

}  // namespace claviger::admin
