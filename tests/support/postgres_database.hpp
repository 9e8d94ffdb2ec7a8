// An empty schema on the PostgreSQL server that CLAVIGER_TEST_POSTGRES names: each process makes
// its own, and empties it between its tests.
#pragma once
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/postgres/open.hpp"
#include "tests/support/test_database.hpp"

namespace claviger::test {

// Set by ./dev test, which starts a server of its own.
inline std::optional<std::string> postgres_url() {
  if (const char* const given = std::getenv("CLAVIGER_TEST_POSTGRES")) return given;
  return {};
}

// Without the variable the binary tests SQLite alone and says so. Whoever names a PostgreSQL test
// gets it, and ctest, which knows every name, sees it fail: nothing is skipped in silence.
inline bool postgres_is_tested() {
  static const bool tested = [] {
    if (postgres_url() || GTEST_FLAG_GET(list_tests)) return true;
    if (GTEST_FLAG_GET(filter).find("ostgres") != std::string::npos) return true;
    std::fprintf(stderr,
                 "CLAVIGER_TEST_POSTGRES names no server: the store is tested on SQLite alone\n");
    return false;
  }();
  return tested;
}

inline std::string postgres_server() {
  if (auto url = postgres_url()) return *url;
  throw std::runtime_error("CLAVIGER_TEST_POSTGRES names no server");
}

// A connection of the test's own, which may block.
class PostgresSession {
 public:
  explicit PostgresSession(const std::string& url) : conn_(PQconnectdb(url.c_str()), &PQfinish) {
    if (PQstatus(conn_.get()) != CONNECTION_OK)
      throw std::runtime_error(PQerrorMessage(conn_.get()));
    run("SET client_min_messages = warning");
  }
  // The first column of the rows.
  std::vector<std::string> run(const std::string& script) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(conn_.get(), script.c_str()),
                                                               &PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      throw std::runtime_error(PQerrorMessage(conn_.get()));
    }
    std::vector<std::string> column;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
      column.emplace_back(PQgetvalue(result.get(), row, 0));
    }
    return column;
  }

 private:
  std::unique_ptr<PGconn, decltype(&PQfinish)> conn_;
};

// A schema, made once and dropped when the process ends.
class PostgresSchema {
 public:
  PostgresSchema() : name("test_" + std::to_string(::getpid()) + "_" + std::to_string(next_++)) {
    PostgresSession(postgres_server()).run("CREATE SCHEMA " + name);
  }
  ~PostgresSchema() {
    try {
      PostgresSession(postgres_server()).run("DROP SCHEMA " + name + " CASCADE");
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
  }
  PostgresSchema(const PostgresSchema&) = delete;
  PostgresSchema& operator=(const PostgresSchema&) = delete;

  std::string url() const {
    const auto server = postgres_server();
    const char* const sign = server.find('?') == std::string::npos ? "?" : "&";
    return server + sign + "options=-csearch_path%3D" + name;
  }
  void clear() {
    PostgresSession session(url());
    const auto tables = session.run(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT IN "
        "('claviger_schema', 'store', 'clients', 'consents')");
    std::string script;
    for (const auto& table : tables) script += "DELETE FROM " + table + ";";
    if (tables.empty()) return;
    session.run(script +
                "DELETE FROM clients; DELETE FROM consents; DELETE FROM store;"
                "INSERT INTO store (one, storage_epoch) VALUES (1, 1)");
  }

  const std::string name;

 private:
  static inline int next_ = 0;
};

class PostgresDatabase final : public TestDatabase {
 public:
  PostgresDatabase() {
    if (free().empty()) free().push_back(std::make_unique<PostgresSchema>());
    schema_ = std::move(free().back());
    free().pop_back();
    options.url = schema_->url();
  }
  ~PostgresDatabase() override {
    schema_->clear();
    free().push_back(std::move(schema_));
  }
  std::unique_ptr<store::sql::Driver> open(Log& log) override {
    return store::open_postgres(options, log);
  }
  const std::string& url() const { return options.url; }
  const std::string& schema() const { return schema_->name; }
  store::PostgresOptions options;

 private:
  static std::vector<std::unique_ptr<PostgresSchema>>& free() {
    static std::vector<std::unique_ptr<PostgresSchema>> schemas;
    return schemas;
  }
  std::unique_ptr<PostgresSchema> schema_;
};

}  // namespace claviger::test
