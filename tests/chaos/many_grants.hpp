// Fills a database with grants and their families of refresh tokens as if so many people had
// allowed something over the last weeks: in SQL, since asking the server a million times is another
// test's business.
#pragma once
#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace claviger::test {

class ManyGrants {
 public:
  ManyGrants(const std::string& path, bool keep_log) {
    if (sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
      throw std::runtime_error("can't open " + path);
    }
    if (keep_log) sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_wal_autocheckpoint(db_, 0);
    execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000");
  }
  ~ManyGrants() { sqlite3_close(db_); }
  ManyGrants(const ManyGrants&) = delete;
  ManyGrants& operator=(const ManyGrants&) = delete;

  // `from`: how many there are already.
  void add(std::uint64_t from, std::uint64_t count) {
    execute("BEGIN");
    auto* const grant = prepare(
        "INSERT INTO grants (id, client_id, sub, session, session_bound, scopes, auth_time, "
        "user_epoch, client_epoch, consent_epoch, created_at, revoked_because, keep_until) "
        "VALUES (?1, 'shop-' || (?3 % 50), 'person-' || (?3 / 5), ?2, 0, 'openid email username', "
        "?4, 1, 1, 1, ?4, '', ?4 + 7862400000000)");
    auto* const family = prepare(
        "INSERT INTO refresh_families (id, grant_id, counter, rotated_at, mac_kid, storage_epoch, "
        "idle_expires_at, expires_at) "
        "VALUES (?2, ?1, 1 + ?3 % 9, ?4, 'm1', 1, ?4 + 1209600000000, ?4 + 7776000000000)");
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    for (std::uint64_t i = from; i < from + count; ++i) {
      const auto at = now - 900'000'000'000 + static_cast<std::int64_t>(i % 900'000) * 1'000'000;
      const auto one = id(at, 2 * i);
      const auto other = id(at, 2 * i + 1);
      insert(grant, one, other, i, at);
      insert(family, one, other, i, at);
    }
    sqlite3_finalize(grant);
    sqlite3_finalize(family);
    execute("COMMIT");
  }

 private:
  // The time in front, as the server makes them.
  static std::string id(std::int64_t micros, std::uint64_t number) {
    std::string bytes(16, '\0');
    const auto ms = static_cast<std::uint64_t>(micros / 1000);
    for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<char>(ms >> (8 * (5 - i)));
    const auto mixed = (number + 1) * 0x9e3779b97f4a7c15u;
    for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] = static_cast<char>(mixed >> (8 * i));
    return bytes;
  }
  static void insert(sqlite3_stmt* statement, const std::string& one, const std::string& other,
                     std::uint64_t number, std::int64_t at) {
    sqlite3_bind_blob(statement, 1, one.data(), 16, SQLITE_TRANSIENT);
    sqlite3_bind_blob(statement, 2, other.data(), 16, SQLITE_TRANSIENT);
    sqlite3_bind_int64(statement, 3, static_cast<std::int64_t>(number));
    sqlite3_bind_int64(statement, 4, at);
    if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error("insert");
    sqlite3_reset(statement);
  }
  sqlite3_stmt* prepare(const char* text) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, text, -1, &statement, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(db_));
    }
    return statement;
  }
  void execute(const char* script) {
    if (sqlite3_exec(db_, script, nullptr, nullptr, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(db_));
    }
  }

  sqlite3* db_ = nullptr;
};

// The same where a PostgreSQL makes them itself: one statement for each table.
inline std::string many_grants_in_postgres(std::uint64_t from, std::uint64_t count) {
  const std::string id = "decode(lpad(to_hex(i), 12, '0') || lpad(to_hex({}), 20, '0'), 'hex')";
  const auto one = fmt::format(fmt::runtime(id), "2 * i");
  const auto other = fmt::format(fmt::runtime(id), "2 * i + 1");
  const std::string at = "(extract(epoch FROM now())::bigint * 1000000 - (i % 900000) * 1000000)";
  return fmt::format(
      "INSERT INTO grants (id, client_id, sub, session, session_bound, scopes, auth_time, "
      "user_epoch, client_epoch, consent_epoch, created_at, revoked_because, keep_until) "
      "SELECT {0}, 'shop-' || i % 50, 'person-' || i / 5, {1}, 0, 'openid email username', {2}, 1, "
      "1, 1, {2}, '', {2} + 7862400000000 FROM generate_series({3}::bigint, {4}::bigint) AS i; "
      "INSERT INTO refresh_families (id, grant_id, counter, rotated_at, mac_kid, storage_epoch, "
      "idle_expires_at, expires_at) SELECT {1}, {0}, 1 + i % 9, {2}, 'm1', 1, "
      "{2} + 1209600000000, {2} + 7776000000000 FROM generate_series({3}::bigint, {4}::bigint) AS "
      "i",
      one, other, at, from + 1, from + count);
}

}  // namespace claviger::test
