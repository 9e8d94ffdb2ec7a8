// The arguments of one operation, each asked for by name and kind. A name that no operation asked
// for is refused, so that nothing is assigned that nobody thought of (AD-06).
#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/reason.hpp"
#include "base/secret.hpp"

namespace claviger::admin {

class Arguments {
 public:
  Arguments(boost::json::object object, std::initializer_list<std::string_view> known)
      : Arguments(std::move(object), std::span<const std::string_view>(known)) {}
  Arguments(boost::json::object object, std::span<const std::string_view> known);

  // Of the wrong kind or, where it is required, missing: fault() then says so, and an empty value
  // is returned.
  std::string text(std::string_view name);
  std::optional<std::string> maybe_text(std::string_view name);
  std::optional<Secret> maybe_secret(std::string_view name);
  bool flag(std::string_view name);
  std::optional<std::int64_t> maybe_number(std::string_view name, std::int64_t most);
  std::vector<std::string> texts(std::string_view name);
  boost::json::object maybe_object(std::string_view name);

  bool has(std::string_view name) const { return object_.contains(name); }
  // The members of these names, as they came; null ones too when they are to take something away.
  boost::json::object only(std::initializer_list<std::string_view> names) const {
    return only(std::span<const std::string_view>(names), false);
  }
  boost::json::object only(std::span<const std::string_view> names, bool with_null) const;

  const std::optional<Error>& fault() const { return fault_; }

 private:
  void blame(std::string_view name, std::string_view kind);
  boost::json::object object_;
  std::optional<Error> fault_;
};

}  // namespace claviger::admin
