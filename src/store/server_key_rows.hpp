// A row of server_keys as a value: for the store, and for a backup that no store has opened.
#pragma once
#include "model/server_key.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

inline constexpr std::string_view kServerKeyRows =
    "SELECT kid, purpose, alg, sealed, created_at, active_from, retires_at FROM server_keys "
    "ORDER BY created_at, kid";
// Of these columns. Throws std::runtime_error for a purpose that this release does not know.
ServerKey server_key_of(const sql::Row& row);

}  // namespace claviger::store
