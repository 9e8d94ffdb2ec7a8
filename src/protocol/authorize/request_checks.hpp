// Yes/no checks on the parameters of an authorization request (RFC6749-4.1.1, OIDCC-3.1.2.2).
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/form.hpp"
#include "base/reason.hpp"
#include "model/client.hpp"

namespace claviger::protocol {

// The first thing that is wrong with this form, asked by this client; nothing: go on.
std::optional<Error> find_fault(const Form& form, const Client& client);
// A whole number of seconds, not negative.
std::optional<std::int64_t> parse_max_age(std::string_view text);

}  // namespace claviger::protocol
