#include "store/copy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <set>
#include <stdexcept>

#include "crypto/digest.hpp"
#include "store/sql/statement.hpp"

namespace claviger::store {
namespace {

constexpr std::int64_t kRowsAtOnce = 500;

// The primary key is the first columns. What others point at comes first.
struct Table {
  const char* name;
  const char* key;
};
constexpr std::array kTables{Table{"clients", "client_id"},
                             Table{"client_logos", "client_id"},
                             Table{"users", "sub"},
                             Table{"sessions", "id"},
                             Table{"session_clients", "session, client_id"},
                             Table{"transactions", "id"},
                             Table{"consents", "sub, client_id"},
                             Table{"consent_scopes", "sub, client_id, scope"},
                             Table{"codes", "selector"},
                             Table{"device_codes", "selector"},
                             Table{"grants", "id"},
                             Table{"refresh_families", "id"},
                             Table{"opaque_tokens", "selector"},
                             Table{"denied_tokens", "jti"},
                             Table{"replays", "key"},
                             Table{"logouts", "session, client_id"},
                             Table{"logout_requests", "id"},
                             Table{"initial_access_tokens", "selector"},
                             Table{"server_keys", "kid"},
                             Table{"throttles", "key"}};

// Statement texts live for ever; there are as many as tables and kinds of statements.
std::string_view kept(const std::string& text) {
  static std::mutex mutex;
  static std::set<std::string> texts;
  const std::lock_guard lock(mutex);
  return *texts.insert(text).first;
}

std::string numbered(std::size_t count) {
  std::string text;
  for (std::size_t i = 1; i <= count; ++i) text += fmt::format("{}${}", i == 1 ? "" : ", ", i);
  return text;
}

void add_to(std::string& bytes, const sql::Value& value) {
  std::string content;
  if (const auto* number = std::get_if<std::int64_t>(&value)) content = std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) content = *text;
  if (const auto* blob = std::get_if<sql::Blob>(&value)) content = as_text(*blob);
  bytes += fmt::format("{}:{}:", value.index(), content.size()) + content;
}

Digest mixed(const Digest& before, const sql::Row& row) {
  std::string bytes(as_text(before));
  for (const auto& value : row.columns()) add_to(bytes, value);
  return crypto::sha256(bytes);
}

// Goes through a table in the order of its key, a few rows at a time.
class Reader {
 public:
  Reader(sql::Driver& driver, const Table& table) : driver_(driver), table_(table) {}

  Task<std::vector<sql::Row>> next() {
    const std::string_view key = table_.key;
    const auto keys = static_cast<std::size_t>(std::ranges::count(key, ',')) + 1;
    const auto behind =
        after_.empty() ? "" : fmt::format("WHERE ({}) > ({}) ", key, numbered(keys));
    const auto text = fmt::format("SELECT * FROM {} {}ORDER BY {} LIMIT ${}", table_.name, behind,
                                  key, after_.size() + 1);
    sql::Statement statement{kept(text), after_};
    statement.values.emplace_back(kRowsAtOnce);
    auto rows = co_await driver_.read(std::move(statement));
    for (const auto& row : rows) copied.checksum_bytes = mixed(copied.checksum_bytes, row);
    copied.rows += std::ssize(rows);
    if (!rows.empty()) {
      const auto& last = rows.back().columns();
      after_.assign(last.begin(), last.begin() + static_cast<std::ptrdiff_t>(keys));
    }
    co_return rows;
  }

  struct {
    std::int64_t rows = 0;
    Digest checksum_bytes{};
  } copied;

 private:
  sql::Driver& driver_;
  const Table& table_;
  std::vector<sql::Value> after_;
};

sql::Operation insertion(const Table& table, const std::vector<sql::Row>& rows) {
  sql::Operation operation;
  for (const auto& row : rows) {
    const auto& values = row.columns();
    const auto text =
        fmt::format("INSERT INTO {} VALUES ({})", table.name, numbered(values.size()));
    operation.push_back({kept(text), values});
  }
  return operation;
}

std::string hex(const Digest& digest) {
  std::string text;
  for (const auto byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

Task<CopiedTable> copy_table(const Table& table, sql::Driver& from, sql::Driver& to,
                             const CopyProgress& progress) {
  Reader source(from, table);
  while (true) {
    auto rows = co_await source.next();
    if (rows.empty()) break;
    auto operation = insertion(table, rows);
    co_await to.commit(std::move(operation));
    progress({table.name, source.copied.rows, ""});
  }
  Reader target(to, table);
  while (true) {
    const auto rows = co_await target.next();
    if (rows.empty()) break;
  }
  if (target.copied.rows != source.copied.rows ||
      target.copied.checksum_bytes != source.copied.checksum_bytes) {
    throw std::runtime_error(
        fmt::format("{} did not arrive as it was sent ({} rows of {}): was one of the two in use?",
                    table.name, target.copied.rows, source.copied.rows));
  }
  co_return CopiedTable{table.name, source.copied.rows, hex(source.copied.checksum_bytes)};
}

Task<void> refuse_unless_empty(sql::Driver& to) {
  for (const auto& table : kTables) {
    sql::Statement any{kept(fmt::format("SELECT 1 FROM {} LIMIT 1", table.name)), {}};
    const auto rows = co_await to.read(std::move(any));
    if (!rows.empty()) {
      throw std::runtime_error(
          fmt::format("the target is not empty: it has rows in {}", table.name));
    }
  }
}

// What was issued there is still good here: nothing was lost, so it is the same incarnation. Where
// it comes from it would be good a second time: whoever uses that again makes it another one.
Task<void> move_epoch(sql::Driver& from, sql::Driver& to) {
  const auto rows =
      co_await from.read(sql::statement("SELECT storage_epoch, epoch_since FROM store"));
  sql::Operation here;
  here.push_back(sql::statement("UPDATE store SET storage_epoch = $1, epoch_since = $2",
                                rows.at(0).integer(0), rows.at(0).integer(1)));
  co_await to.commit(std::move(here));
  sql::Operation there;
  there.push_back(sql::statement("UPDATE store SET incarnation = 'copy'"));
  co_await from.commit(std::move(there));
}

}  // namespace

Task<std::vector<CopiedTable>> copy_everything(sql::Driver& from, sql::Driver& to,
                                               const CopyProgress& progress) {
  co_await refuse_unless_empty(to);
  std::vector<CopiedTable> copied;
  for (const auto& table : kTables) {
    auto one = co_await copy_table(table, from, to, progress);
    progress(one);
    copied.push_back(std::move(one));
  }
  co_await move_epoch(from, to);
  co_return copied;
}

}  // namespace claviger::store
