// `claviger store`: looks at the database, brings it up to date, moves it to another engine.
#pragma once
#include "cli/cli.hpp"

namespace claviger::app {

// Throws std::runtime_error with a sentence for the operator.
boost::json::object look_at_store(const config::Loaded& loaded);
boost::json::object migrate_store(const config::Loaded& loaded);
// `target` is postgresql://..., or a folder for SQLite. No server may use either of them.
boost::json::object copy_store(const config::Loaded& loaded, const std::string& target,
                               const std::function<void(const std::string&)>& progress);

}  // namespace claviger::app
