// The boundary to a database engine: one read of one statement, or one operation (a fixed list of
// statements, no round trip between them) committed together with whatever other operations wait.
#pragma once
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/task.hpp"
#include "base/time.hpp"

namespace claviger::store {

// The database can't answer now: full disk, lock, lost connection, unknown outcome of a commit.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The database is not as it was written, and is only read from now on. Trying again is of no use.
class Damaged : public Unavailable {
 public:
  using Unavailable::Unavailable;
};

namespace sql {

// Ids lie in it and not behind it: that is most of the bytes that are bound or read.
using Blob = boost::container::small_vector<std::uint8_t, 16>;
using Value = std::variant<std::nullptr_t, std::int64_t, std::string, Blob>;

// One text for both engines: $1 ... $n, no casts. `text` must have static storage: it is the key
// under which the prepared statement is kept.
struct Statement {
  std::string_view text;
  std::vector<Value> values;
};

class Row {
 public:
  explicit Row(std::vector<Value> columns) : columns_(std::move(columns)) {}
  // A column of another type than asked for is a broken invariant and throws std::logic_error.
  std::int64_t integer(std::size_t column) const;
  std::optional<std::int64_t> maybe_integer(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  std::string take_text(std::size_t column);  // the row is left without it
  std::optional<std::string> maybe_text(std::size_t column) const;
  Bytes blob(std::size_t column) const;
  bool is_null(std::size_t column) const;
  Id id(std::size_t column) const;
  std::optional<Id> maybe_id(std::size_t column) const;
  Digest digest(std::size_t column) const;
  std::optional<Digest> maybe_digest(std::size_t column) const;
  const std::vector<Value>& columns() const { return columns_; }

 private:
  std::vector<Value> columns_;
};

struct StatementResult {
  std::vector<Row> rows;
  std::int64_t changed = 0;  // rows that the statement inserted, updated or deleted
};

using Operation = std::vector<Statement>;
using OperationResult = std::vector<StatementResult>;  // one for each statement

class Driver {
 public:
  virtual ~Driver() = default;
  // Throws Unavailable.
  virtual Task<std::vector<Row>> read(Statement statement) = 0;
  // Returns when the transaction that holds the whole operation is durable. Throws Unavailable when
  // it was rolled back for certain or its outcome is unknown.
  virtual Task<OperationResult> commit(Operation operation) = 0;
  virtual std::int64_t storage_epoch() const = 0;
  // False while a failed write keeps the driver from writing: reads go on (readiness says so).
  virtual bool writable() const { return true; }
  // What an operator has to do, when the database was found to be damaged: from then on it is only
  // read. Empty otherwise.
  virtual std::string damage() const { return {}; }

  // True: other nodes may be at the same database.
  virtual bool is_shared() const { return false; }
  // What time it is at the database. Nothing: it has no clock but this machine's.
  virtual Task<std::optional<Time>> clock() { co_return std::nullopt; }
  // After the commit of something that nodes keep in memory: tells them all, this one too, that
  // what they keep of `topic` is old. It may get lost: they look by themselves now and then.
  virtual void announce(std::string_view topic) {
    if (announced_) announced_(topic);
  }
  // Set before serving. Called on any thread, with an empty topic when anything may have been
  // missed.
  using Announced = std::function<void(std::string_view topic)>;
  virtual void on_announced(Announced announced) { announced_ = std::move(announced); }

 private:
  Announced announced_;
};

}  // namespace sql
}  // namespace claviger::store
