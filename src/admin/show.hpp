// Records as an operator may see them: never a hash, a sealed key or any other secret (AD-08).
#pragma once
#include <boost/json.hpp>
#include <string>

#include "base/refusals.hpp"
#include "base/time.hpp"
#include "model/client.hpp"
#include "model/grant.hpp"
#include "model/server_key.hpp"
#include "model/user.hpp"
#include "store/initial_access_tokens.hpp"

namespace claviger::admin {

std::string rfc3339(Time time);

boost::json::object show(const Client& client);  // the names of RFC7591-2 where there are any
boost::json::object show(const User& user);
boost::json::object show(const ServerKey& key, Time now);
boost::json::object show(const Grant& grant);
boost::json::object show(const Refusal& refusal);
// Never the token itself: it was shown when it was made.
boost::json::object show(const store::InitialAccessToken& token);

}  // namespace claviger::admin
