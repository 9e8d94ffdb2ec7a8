// The further members of a client registration (RFC7591-2, OIDCDR-2, RFC9701-6) between JSON and
// the record: one table for reading and for telling. Types are looked at here, values are judged in
// client_record.
#pragma once
#include <boost/json.hpp>
#include <string_view>
#include <vector>

#include "base/reason.hpp"
#include "model/client.hpp"

namespace claviger::protocol {

// Unknown members are passed over, those in other languages (`client_name#de`) among them.
Result<ClientMetadata> read_metadata_members(const boost::json::object& object);
// What was registered, without the members that were not. `sector` and the format of access tokens
// are no members of the standard.
void write_metadata_members(ClientMetadata metadata, boost::json::object& into);
// Every name that is read.
std::vector<std::string_view> metadata_member_names();

}  // namespace claviger::protocol
