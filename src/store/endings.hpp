// What ends together with something else, in the same transaction.
#pragma once
#include "base/random.hpp"
#include "store/sql/statement.hpp"

namespace claviger::store {

// Every grant exchanged from those that `op` revoked, however far down (TX-11).
void add_cascade(sql::Operation& operation, const Id& op, const std::string& because, Time now);

// What the end of the sessions marked with `op` brings: the grants bound to them are revoked, and
// each client that was joined to one is put down to be told (OIDCBC-2.5).
void add_end_of_sessions(sql::Operation& operation, const Id& op, Time now);

// Withdraws the consents to the clients marked with `op`, then removes these.
void add_removal_of_clients(sql::Operation& operation, const Id& op);

}  // namespace claviger::store
