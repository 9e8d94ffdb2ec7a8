// A client that enters itself with the server (RFC7591, OIDCDR-3.1), once for each start of this
// program.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>

#include "base/task.hpp"
#include "demo/client/relying_party.hpp"

namespace claviger::demo {

class Registration {
 public:
  Registration(RelyingParty& party, boost::json::object metadata)
      : party_(party), metadata_(std::move(metadata)) {}

  // After the party's discovery. `doubted`: something went wrong since, so that the server is asked
  // whether it still knows us (RFC7592-2.1).
  Task<Outcome<Credentials>> ensure(FlowLog& log, bool doubted);
  const std::optional<Credentials>& credentials() const { return credentials_; }

 private:
  Task<bool> is_known(FlowLog& log);

  RelyingParty& party_;
  boost::json::object metadata_;
  std::optional<Credentials> credentials_;
  std::string management_uri_;
  Secret management_token_;
};

}  // namespace claviger::demo
