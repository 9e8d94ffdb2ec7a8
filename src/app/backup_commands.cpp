#include "app/backup_commands.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <filesystem>

#include "admin/show.hpp"
#include "app/restored_folder.hpp"
#include "app/run_inline.hpp"
#include "app/spdlog_log.hpp"
#include "app/transport.hpp"
#include "base/json.hpp"
#include "crypto/system_random.hpp"
#include "store/postgres/open.hpp"
#include "store/sqlite/backup_file.hpp"
#include "store/sqlite/data_folder.hpp"
#include "store/sqlite/open.hpp"
#include "store/store.hpp"

namespace claviger::app {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kLookAgain{100};

bool is_on_postgres(const config::Settings& settings) {
  return !settings.store.url.reveal().empty();
}

json::object must(Result<json::object> answer) {
  if (answer) return std::move(*answer);
  const auto& error = answer.error();
  throw std::runtime_error(error.came.empty() ? std::string(error.reason->description)
                                              : error.came);
}

std::int64_t number_in(const json::object& answer, std::string_view name) {
  const auto* value = answer.if_contains(name);
  return value == nullptr ? 0 : value->to_number<std::int64_t>();
}

json::object wait_for_backup(cli::Transport& server, const Progress& progress) {
  boost::asio::io_context timers;
  while (true) {
    auto state = must(server.call("backup.look", {}));
    const auto phase = json_text(state, "phase").value_or("");
    if (phase == "done") return state;
    if (phase == "failed") throw std::runtime_error(std::string(*json_text(state, "problem")));
    progress(bar(phase, number_in(state, "bytes"), number_in(state, "total_bytes")));
    boost::asio::steady_timer(timers, kLookAgain).wait();
  }
}

// Which master key belongs to a backup: the one that was named, the one beside it, that of the
// settings. Nothing: there is none of them.
std::optional<std::string> key_of(const config::Settings& settings,
                                  const cli::RestoreRequest& request) {
  if (request.master_key) return request.master_key;
  for (const auto& path : {key_beside(request.file), master_key_path(settings)}) {
    std::error_code error;
    if (fs::exists(path, error)) return path;
  }
  return {};
}

json::object look_at(store::BackupFile& backup, const cli::RestoreRequest& request) {
  json::object seen{{"file", request.file},
                    {"bytes", backup.bytes()},
                    {"schema", backup.schema().found},
                    {"newest_schema", backup.schema().newest},
                    {"storage_epoch", backup.storage_epoch()}};
  if (const auto taken = backup.taken_at()) seen["taken_at"] = admin::rfc3339(*taken);
  for (const char* table : {"clients", "users", "grants", "refresh_families"}) {
    seen[table] = backup.rows_in(table);
  }
  return seen;
}

json::object verify(const config::Settings& settings, const cli::RestoreRequest& request,
                    const Progress& progress) {
  progress("checking every page and index ...");
  store::BackupFile backup(request.file);
  const auto damage = backup.look_for_damage();
  if (!damage.empty()) {
    throw std::runtime_error(fmt::format("{} is damaged: {}", request.file, damage.front()));
  }
  auto seen = look_at(backup, request);
  const auto key = key_of(settings, request);
  if (!key) {
    throw std::runtime_error(
        fmt::format("the pages of {} are sound, but there is no master key to open its keys with: "
                    "say --master-key FILE, or put it at {}",
                    request.file, key_beside(request.file)));
  }
  open_everything(backup, *key);
  seen["sealed_keys"] = backup.server_keys().size();
  seen["master_key"] = *key;
  seen["sound"] = true;
  return seen;
}

}  // namespace

json::object back_up(const config::Loaded& loaded, const cli::BackupRequest& request,
                     const Progress& progress) {
  const auto& settings = loaded.settings;
  if (is_on_postgres(settings)) {
    throw std::runtime_error(
        "PostgreSQL is backed up with its own tools, pg_basebackup and an archive of its log, or "
        "pg_dump: see docs/how-to/backup.md");
  }
  const auto target = fs::absolute(request.target).string();
  const auto key = key_beside(target);
  if (request.with_master_key && fs::exists(key)) {
    throw std::runtime_error(key + " is there already, and is never written over");
  }
  const auto server = connect(loaded);
  if (request.with_master_key && !fs::exists(master_key_path(settings))) {
    throw std::runtime_error(master_key_path(settings) + " is not there: where the key lies " +
                             "elsewhere, say --set data.master_key_file=FILE");
  }
  const auto began = std::chrono::steady_clock::now();
  must(server->call("backup.begin", {{"target", target}}));
  const auto state = wait_for_backup(*server, progress);
  if (request.with_master_key) copy_key(master_key_path(settings), key);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  return {{"file", target},
          {"bytes", number_in(state, "total_bytes")},
          {"storage_epoch", number_in(state, "storage_epoch")},
          {"milliseconds", took.count()},
          {"master_key", request.with_master_key ? json::value(key) : json::value(nullptr)},
          {"master_key_of_server", master_key_path(settings)}};
}

json::object restore(const config::Loaded& loaded, const cli::RestoreRequest& request,
                     const Progress& progress) {
  const auto& settings = loaded.settings;
  if (!request.verify_only && !request.folder && is_on_postgres(settings)) {
    throw std::runtime_error(
        "the settings name PostgreSQL: restore into a folder with --to, and move it from there "
        "with claviger store copy");
  }
  auto answer = verify(settings, request, progress);
  if (request.verify_only) return answer;
  RestoredFolder folder(request.folder.value_or(settings.data.directory));
  folder.take(request.file, progress);
  progress("making it another incarnation ...");
  const auto outcome = folder.renew(request.revoke_since);
  const auto key = folder.keep_key(json::value_to<std::string>(answer.at("master_key")),
                                   settings.data.master_key_file);
  folder.finish();
  answer["restored_to"] = folder.path();
  answer["storage_epoch"] = outcome.epoch.number;
  answer["live_families"] = outcome.live_families;
  answer["revoked"] = outcome.revoked;
  answer["master_key"] = key;
  return answer;
}

json::object raise_epoch(const config::Loaded& loaded) {
  const auto& settings = loaded.settings;
  if (const auto server = connect_to_running(loaded)) {
    return must(server->call("store.new_epoch", {}));
  }
  // Not by way of a node: it would refuse the very file that is to be accepted by this.
  const auto log = make_log("warning", "text");
  crypto::SystemRandom random;
  std::optional<store::DataLock> lock;
  std::unique_ptr<store::sql::Driver> driver;
  if (is_on_postgres(settings)) {
    store::PostgresOptions options;
    options.url = settings.store.url.reveal();
    driver = store::open_postgres(options, *log);
  } else {
    store::SqliteOptions options;
    options.directory = settings.data.directory;
    if (!fs::exists(options.path())) throw std::runtime_error(options.path() + " is not there");
    lock.emplace(settings.data.directory);
    driver = store::open_sqlite(options, *log);
  }
  store::Store store(std::move(driver), random);
  const auto epoch = run_inline(store.storage_epochs.accept(SystemClock().now()));
  return {{"storage_epoch", epoch.number}, {"since", admin::rfc3339(epoch.since)}};
}

}  // namespace claviger::app
