#include "store/sqlite/open.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>

#include "store/sqlite/background_check.hpp"
#include "store/sqlite/backup.hpp"
#include "store/sqlite/data_folder.hpp"
#include "store/sqlite/reader_pool.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/stamp.hpp"
#include "store/sqlite/writer.hpp"

namespace claviger::store {
namespace {

using namespace sqlite;

constexpr auto kToken = boost::asio::use_awaitable_t<Executor>{};

class SqliteDriver final : public sql::Driver {
 public:
  SqliteDriver(const SqliteOptions& options, const WriterOptions& writer_options,
               const ConnectionOptions& reader_options, Connection connection, Stamp stamp,
               Log& log)
      : damage_(options.path(), log),
        own_worker_(options.writer ? nullptr : make_thread_worker("store", 1, 16, false)),
        writer_(writer_options, std::move(connection),
                options.writer ? *options.writer : *own_worker_, std::make_shared<std::mutex>(),
                damage_, log),
        readers_(reader_options, options.readers, options.metrics, damage_, log),
        stamp_(std::move(stamp)) {
    if (options.serves)
      check_.emplace(reader_options, options.check_after, options.check_again, damage_, log);
  }
  ~SqliteDriver() override { stamp_.end(); }

  Task<std::vector<sql::Row>> read(sql::Statement statement) override {
    co_return readers_.read(statement);
  }

  Task<sql::OperationResult> commit(sql::Operation operation) override {
    auto start = [this](auto handler, sql::Operation taken) {
      auto executor = boost::asio::get_associated_executor(handler);
      // Resumed where it waited, never on the writer's thread.
      auto resume = [executor, handler = std::move(handler)](Writer::Answer answer,
                                                             sql::Answers& answers) mutable {
        answers.add(executor, [handler = std::move(handler), answer = std::move(answer)]() mutable {
          std::move(handler)(std::move(answer));
        });
      };
      writer_.take(std::move(taken), std::move(resume));
    };
    auto answer = co_await boost::asio::async_initiate<decltype(kToken), void(Writer::Answer)>(
        start, kToken, std::move(operation));
    if (answer) co_return std::move(*answer);
    if (answer.error().our_fault) throw std::logic_error(answer.error().sentence);
    if (damage_.is_found()) throw Damaged(damage_.sentence());
    throw Unavailable(answer.error().sentence);
  }

  std::int64_t storage_epoch() const override {
    return readers_.read({"SELECT storage_epoch FROM store", {}}).at(0).integer(0);
  }
  bool writable() const override { return writer_.writable(); }
  std::string damage() const override { return damage_.sentence(); }

 private:
  Damage damage_;
  const std::unique_ptr<Worker> own_worker_;
  // Readers close first: the last connection to close is the one that may checkpoint.
  Writer writer_;
  mutable ReaderPool readers_;
  Stamp stamp_;
  std::optional<BackgroundCheck> check_;
};

// Made here and not by SQLite, whose files would be as open as the umask allows; its log and index
// take over the mode of this one (SQ-08).
void make_file(const std::string& directory, const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file >= 0) {
    ::close(file);
    return sync_folder(directory);
  }
  if (errno != EEXIST) {
    throw std::runtime_error(fmt::format("can't make {}: {}", path, std::strerror(errno)));
  }
  // An existing one is not opened: closing it would drop the locks of SQLite in this process.
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw std::runtime_error(fmt::format("{} is not a file", path));
  }
  if ((status.st_mode & 077) != 0) {
    throw std::runtime_error(fmt::format("{} is open to other users (mode {:04o}): chmod 600 {}",
                                         path, status.st_mode & 07777, path));
  }
}

ConnectionOptions connection_options(const SqliteOptions& options, bool read_only) {
  ConnectionOptions result;
  result.path = options.path();
  result.vfs = options.vfs;
  result.read_only = read_only;
  result.synchronous_full = options.synchronous_full;
  result.busy_timeout_ms = read_only ? 0 : static_cast<int>(options.busy_timeout.count());
  return result;
}

std::string sentence_of(const SqliteError& error, const std::string& path) {
  switch (error.primary()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fmt::format("{} is locked by another process", path);
    case SQLITE_NOTADB:
      return fmt::format("{} is not a SQLite database, or its header is damaged: {}", path,
                         kRestoreBackup);
    case SQLITE_ERROR:  // a header that asks for a format nobody knows, or no table of ours
    case SQLITE_CORRUPT:
      return fmt::format("{} is damaged ({}): {}", path, error.what(), kRestoreBackup);
    case SQLITE_READONLY:
      return fmt::format("{} can't be written: look who may, and if that is right {}", path,
                         kRestoreBackup);
    case SQLITE_FULL:
      return fmt::format("the disk that holds {} is full", path);
    default:
      return fmt::format("can't open {}: {}", path, error.what());
  }
}

// The log of a server that died is taken over as the page cache shows it, which may be more than
// the disk has if its last sync failed. Moved into the database and synced there, it rests on
// nothing.
void move_log(const Connection& connection, Log& log) {
  const int code = sqlite3_wal_checkpoint_v2(connection.handle(), nullptr,
                                             SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code == SQLITE_OK) return;
  // On a full disk, say: reads work, and the writer tries again.
  log.write(LogLevel::warning, "store.log_not_moved",
            {{"error", sqlite3_errmsg(connection.handle())}});
}

}  // namespace

std::unique_ptr<sql::Driver> open_sqlite(const SqliteOptions& options, Log& log) {
  WriterOptions writer_options{connection_options(options, false), options.queue,
                               options.reopen_after, options.metrics};
  try {
    Stamp stamp(writer_options.connection);
    if (options.serves && stamp.complaint()) throw std::runtime_error(*stamp.complaint());
    make_file(options.directory, options.path());
    Connection connection(writer_options.connection);
    if (connection.text("PRAGMA journal_mode = WAL") != "wal") {
      throw std::runtime_error(fmt::format(
          "{} can't be kept in WAL mode: is its folder on a network share?", options.path()));
    }
    const auto schema = bring_schema_up_to_date(connection, writer_options.connection, log);
    if (schema.is_newer()) {
      log.write(LogLevel::notice, "store.newer_schema",
                {{"schema", std::to_string(schema.found)},
                 {"known", std::to_string(schema.newest)},
                 {"compatible_from", std::to_string(schema.compatible_from)}});
    }
    if (raise_epoch_of_copy(connection)) {
      log.write(LogLevel::warning, "store.epoch_raised", {{"because", "the file is a backup"}});
    }
    move_log(connection, log);
    if (options.serves) stamp.begin(connection, log);
    return std::make_unique<SqliteDriver>(options, writer_options,
                                          connection_options(options, true), std::move(connection),
                                          std::move(stamp), log);
  } catch (const SqliteError& error) {
    throw std::runtime_error(sentence_of(error, options.path()));
  }
}

SchemaState look_at_sqlite(const SqliteOptions& options) {
  try {
    Connection connection(connection_options(options, true));
    return look_at_schema(connection, options.path());
  } catch (const SqliteError& error) {
    throw std::runtime_error(sentence_of(error, options.path()));
  }
}

std::vector<std::string> check_sqlite(const SqliteOptions& options, Thoroughness thoroughness) {
  const bool quick = thoroughness == Thoroughness::quick;
  try {
    Connection connection(connection_options(options, true));
    const char* const query = quick ? "PRAGMA quick_check" : "PRAGMA integrity_check";
    return look_for_damage(connection, query);
  } catch (const SqliteError& error) {
    throw std::runtime_error(sentence_of(error, options.path()));
  }
}

}  // namespace claviger::store
