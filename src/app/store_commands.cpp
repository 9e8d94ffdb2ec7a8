#include "app/store_commands.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "app/run_inline.hpp"
#include "app/spdlog_log.hpp"
#include "config/addresses.hpp"
#include "store/copy.hpp"
#include "store/postgres/open.hpp"
#include "store/sqlite/data_folder.hpp"
#include "store/sqlite/open.hpp"

namespace claviger::app {

namespace json = boost::json;

namespace {

bool is_postgres(const std::string& place) {
  return place.starts_with("postgresql://") || place.starts_with("postgres://");
}

// One of the two ends of a copy. A folder is locked, so that no server is at work in it.
class End {
 public:
  End(const std::string& place, Log& log) {
    if (is_postgres(place)) {
      store::PostgresOptions options;
      options.url = place;
      driver_ = store::open_postgres(options, log);
      return;
    }
    store::make_data_folder(place);
    lock_.emplace(place);
    store::SqliteOptions options;
    options.directory = place;
    driver_ = store::open_sqlite(options, log);
  }
  store::sql::Driver& driver() { return *driver_; }

 private:
  std::optional<store::DataLock> lock_;
  std::unique_ptr<store::sql::Driver> driver_;
};

std::string place_of(const config::Settings& settings) {
  const std::string url(settings.store.url.reveal());
  return url.empty() ? settings.data.directory : url;
}

std::string sqlite_file(const config::Settings& settings) {
  store::SqliteOptions options;
  options.directory = settings.data.directory;
  return options.path();
}

json::object described(json::object state, const store::SchemaState& schema) {
  state["schema"] = schema.found;
  state["newest_schema"] = schema.newest;
  state["up_to_date"] = schema.found == schema.newest;
  if (schema.compatible_from > 0) state["compatible_from"] = schema.compatible_from;
  state["usable"] = schema.usable();
  return state;
}

// Its rows have columns that a database of this release's own has no place for.
void refuse_newer(const json::object& state) {
  const auto* const schema = state.if_contains("schema");
  if (schema == nullptr || schema->as_int64() <= state.at("newest_schema").as_int64()) return;
  throw std::runtime_error(
      "the database has the schema of a newer release: copy it with that release");
}

// SQ-13 holds for a place that is typed as it does for one in the settings.
void judge_target(const std::string& target) {
  if (!is_postgres(target)) return;
  config::Settings settings;
  settings.store.url = Secret(target);
  const auto complaints = config::judge(settings, {});
  if (!complaints.empty()) throw std::runtime_error(complaints[0].message);
}

}  // namespace

json::object look_at_store(const config::Loaded& loaded) {
  const auto& settings = loaded.settings;
  const std::string url(settings.store.url.reveal());
  if (!url.empty()) {
    json::object state{{"engine", "postgresql"}};
    return described(std::move(state), store::postgres::look_at_schema(url));
  }
  store::SqliteOptions options;
  options.directory = settings.data.directory;
  const bool exists = std::filesystem::exists(options.path());
  json::object state{{"engine", "sqlite"}, {"file", options.path()}, {"exists", exists}};
  return exists ? described(std::move(state), store::look_at_sqlite(options)) : state;
}

json::object migrate_store(const config::Loaded& loaded) {
  const auto log = make_log("warning", "text");
  {
    End end(place_of(loaded.settings), *log);
  }
  return look_at_store(loaded);
}

json::object copy_store(const config::Loaded& loaded, const std::string& target,
                        const std::function<void(const std::string&)>& progress) {
  judge_target(target);
  if (!is_postgres(place_of(loaded.settings)) &&
      !std::filesystem::exists(sqlite_file(loaded.settings))) {
    throw std::runtime_error(sqlite_file(loaded.settings) + " is not there: nothing to copy");
  }
  refuse_newer(look_at_store(loaded));
  const auto log = make_log("warning", "text");
  End from(place_of(loaded.settings), *log);
  End to(target, *log);
  const auto tell = [&](const store::CopiedTable& table) {
    progress(fmt::format("{}: {} rows{}", table.name, table.rows,
                         table.checksum.empty() ? "" : ", the same on both sides"));
  };
  const auto copied = run_inline(store::copy_everything(from.driver(), to.driver(), tell));
  json::array tables;
  for (const auto& table : copied) {
    tables.push_back(
        json::object{{"table", table.name}, {"rows", table.rows}, {"sha256", table.checksum}});
  }
  return {{"tables", std::move(tables)}};
}

}  // namespace claviger::app
