#include "store/sqlite/connection.hpp"

#include <fmt/format.h>

namespace claviger::store::sqlite {
namespace {

// Without its count of all memory, which takes a lock of the whole process at every allocation
// (1,000 instructions of a refresh, and threads that wait for one another). Too late, when
// something else of the process has used SQLite before: then it is as it was.
void set_up_library() {
  [[maybe_unused]] static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

std::size_t size_of(sqlite3_stmt* statement, int column) {
  return static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
}

// The type is asked first: the size of a number is that of its text, which SQLite would print.
sql::Value column_value(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_TEXT: {
      // As bytes: for sqlite3_column_text SQLite would copy what has no zero behind it, that is
      // nearly every text of a row (400 instructions each). In UTF-8 by then: the size is asked
      // first.
      const auto size = size_of(statement, column);
      const auto* text = static_cast<const char*>(sqlite3_column_blob(statement, column));
      return sql::Value(std::in_place_type<std::string>, text, size);
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
      return sql::Value(std::in_place_type<sql::Blob>, bytes, bytes + size_of(statement, column));
    }
    case SQLITE_NULL:
      return nullptr;
    default:
      // No column may: the tables are strict.
      throw SqliteError(SQLITE_CORRUPT, "a column holds a number with a fraction");
  }
}

int bind_value(sqlite3_stmt* statement, int index, const sql::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return sqlite3_bind_int64(statement, index, *number);
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  if (const auto* bytes = std::get_if<sql::Blob>(&value)) {
    // A null pointer would bind NULL instead of no bytes.
    if (bytes->empty()) return sqlite3_bind_zeroblob(statement, index, 0);
    return sqlite3_bind_blob64(statement, index, bytes->data(), bytes->size(), SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, index);
}

// SQLite's own form of a URI: what would end a path is written as a number.
std::string without_log(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02X}", static_cast<unsigned>(c));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

bool SqliteError::is_our_fault() const {
  switch (primary()) {
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_TOOBIG:
    case SQLITE_AUTH:
      return true;
    default:
      return false;
  }
}

bool SqliteError::poisons_connection() const {
  switch (primary()) {
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PROTOCOL:
      return true;
    default:
      return false;
  }
}

Connection::Connection(const ConnectionOptions& options) {
  set_up_library();
  sqlite3* raw = nullptr;
  const int flags = (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                    (options.ignore_log ? SQLITE_OPEN_URI : 0) | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE;
  const auto name = options.ignore_log ? without_log(options.path) : options.path;
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags, options.vfs);
  handle_.reset(raw);
  if (code != SQLITE_OK) {
    throw SqliteError(code, raw ? sqlite3_errmsg(raw) : sqlite3_errstr(code));
  }
  configure(options);
}

void Connection::configure(const ConnectionOptions& options) {
  sqlite3* db = handle_.get();
  check(sqlite3_busy_timeout(db, options.busy_timeout_ms));
  // A database file that somebody else prepared must not be able to do anything (SQ-09).
  check(sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr));
  check(sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr));
  check(sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr));
  check(sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr));
  check(sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr));
  check(sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr));
  check(sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr));
  // Before 3.51.3 a checkpoint by a second connection can corrupt the log: the writer alone does.
  const int reads_only = options.read_only ? 1 : 0;
  check(sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, reads_only, nullptr));
  check(sqlite3_wal_autocheckpoint(db, 0));
  execute(
      "PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
      "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;");
  execute(options.synchronous_full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  if (options.read_only) execute("PRAGMA query_only = ON");
}

void Connection::fail(int code) const { throw SqliteError(code, sqlite3_errmsg(handle_.get())); }

void Connection::check(int code) const {
  if (code != SQLITE_OK) fail(code);
}

void Connection::execute(const char* script) {
  check(sqlite3_exec(handle_.get(), script, nullptr, nullptr, nullptr));
}

std::int64_t Connection::integer(const char* query) {
  return run({query, {}}).rows.at(0).integer(0);
}

std::string Connection::text(const char* query) { return run({query, {}}).rows.at(0).text(0); }

Connection::Prepared Connection::prepare(std::string_view text) const {
  sqlite3_stmt* raw = nullptr;
  check(sqlite3_prepare_v3(handle_.get(), text.data(), static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &raw, nullptr));
  Prepared prepared{std::unique_ptr<sqlite3_stmt, Finalize>(raw), {}, false};
  prepared.changes_rows = sqlite3_stmt_readonly(raw) == 0;
  const int count = sqlite3_bind_parameter_count(raw);
  for (int i = 1; i <= count; ++i) {
    prepared.index.push_back(sqlite3_bind_parameter_index(raw, fmt::format("${}", i).c_str()));
  }
  return prepared;
}

Connection::Prepared& Connection::prepared(std::string_view text) {
  const auto found = prepared_.find(text.data());
  if (found != prepared_.end()) return found->second;
  return prepared_.emplace(text.data(), prepare(text)).first->second;
}

void Connection::bind(const Prepared& prepared, const std::vector<sql::Value>& values) const {
  if (values.size() != prepared.index.size()) {
    throw SqliteError(SQLITE_RANGE, "the statement takes another number of parameters");
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    check(bind_value(prepared.statement.get(), prepared.index[i], values[i]));
  }
}

sql::StatementResult Connection::collect(const Prepared& prepared) const {
  sqlite3_stmt* statement = prepared.statement.get();
  sql::StatementResult result;
  int code = sqlite3_step(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
    std::vector<sql::Value> columns;
    const int count = sqlite3_column_count(statement);
    columns.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) columns.push_back(column_value(statement, i));
    result.rows.emplace_back(std::move(columns));
  }
  if (code != SQLITE_DONE) fail(code);
  if (prepared.changes_rows) result.changed = sqlite3_changes64(handle_.get());
  return result;
}

sql::StatementResult Connection::run(const sql::Statement& statement) {
  const auto& ready = prepared(statement.text);
  // However this ends: a statement that isn't reset keeps its read transaction open.
  struct Reset {
    sqlite3_stmt* statement;
    ~Reset() {
      sqlite3_reset(statement);
      sqlite3_clear_bindings(statement);
    }
  } reset{ready.statement.get()};
  bind(ready, statement.values);
  return collect(ready);
}

}  // namespace claviger::store::sqlite
