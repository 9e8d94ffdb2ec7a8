// One connection to a SQLite database: settings, prepared statements, rows. Used by one thread at a
// time.
#pragma once
#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/sql/driver.hpp"

namespace claviger::store::sqlite {

// `code` is SQLite's extended result code.
class SqliteError : public std::runtime_error {
 public:
  SqliteError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  int code() const { return code_; }
  int primary() const { return code_ & 0xff; }
  // The statement itself is wrong, or breaks a constraint: a fault of ours, not of the world's.
  bool is_our_fault() const;
  // What a connection must not go on after: an I/O error may have lost pages that the kernel took
  // for written, and a later fsync would report success all the same (T-05).
  bool poisons_connection() const;
  // The file is not what was written.
  bool is_damage() const { return primary() == SQLITE_CORRUPT || primary() == SQLITE_NOTADB; }

 private:
  int code_;
};

struct ConnectionOptions {
  std::string path;
  const char* vfs = nullptr;
  bool read_only = false;
  bool ignore_log = false;  // what the file alone says; nothing may write to it meanwhile
  bool synchronous_full = true;
  int busy_timeout_ms = 0;
};

class Connection {
 public:
  explicit Connection(const ConnectionOptions& options);

  // Statements without parameters and results.
  void execute(const char* script);
  // Prepared once for each text, by the text's address.
  sql::StatementResult run(const sql::Statement& statement);
  std::int64_t integer(const char* query);
  std::string text(const char* query);
  bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  struct Prepared {
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
    std::vector<int> index;  // of $1, $2, ...: `$n` is a name to SQLite, not a number
    bool changes_rows = false;
  };

  [[noreturn]] void fail(int code) const;
  void check(int code) const;
  void configure(const ConnectionOptions& options);
  Prepared prepare(std::string_view text) const;
  Prepared& prepared(std::string_view text);
  void bind(const Prepared& prepared, const std::vector<sql::Value>& values) const;
  sql::StatementResult collect(const Prepared& prepared) const;

  std::unique_ptr<sqlite3, Close> handle_;
  std::unordered_map<const char*, Prepared> prepared_;
};

}  // namespace claviger::store::sqlite
