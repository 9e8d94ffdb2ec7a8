// The members of a client registration as they were sent, the seed's names and those of RFC7591-2
// in one: read from a form or from JSON, not yet judged.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/form.hpp"
#include "base/reason.hpp"

namespace claviger::protocol {

struct ClientMembers {
  std::optional<std::string> client_id;
  std::optional<std::string> client_secret;
  std::optional<std::string> client_name;
  std::optional<std::string> scope;
  std::optional<std::string> auth_method;
  std::optional<std::string> application_type;
  std::optional<std::vector<std::string>> redirect_uris;
  std::optional<std::vector<std::string>> grant_types;
  std::optional<std::vector<std::string>> response_types;
  std::optional<std::vector<std::string>> post_logout_redirect_uris;
};

// Lists are repeated fields, or words separated by spaces; other fields may stand once.
Result<ClientMembers> read_client_members(const Form& form);
// Lists are arrays of strings. Unknown members are ignored, so that no internal name can be set
// (DC-05).
Result<ClientMembers> read_client_members(const boost::json::value& json);

}  // namespace claviger::protocol
