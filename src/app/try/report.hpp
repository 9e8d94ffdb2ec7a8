// What a flow brought, as the command line shows it: every token taken apart and judged.
#pragma once
#include <boost/json.hpp>

#include "app/try/conversation.hpp"
#include "app/try/judge_token.hpp"

namespace claviger::app {

// Asks for the keys, and about the person where the access token allows it. A token that is not
// what it should be is a refusal. Of `expected`, the access token is filled in.
Tried<boost::json::object> report_tokens(Conversation& talk, const boost::json::object& response,
                                         TokenExpectation expected, bool for_this_server);

}  // namespace claviger::app
