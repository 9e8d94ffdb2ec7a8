// Where a site keeps its data: SQLite in a folder, or a schema of the test's PostgreSQL when
// CLAVIGER_TEST_ENGINE=postgres says so. Either begins as a copy of a template: an empty database
// with its keys, because an RSA key takes longer than a test.
#pragma once
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/worker.hpp"
#include "store/postgres/schema.hpp"
#include "store/sqlite/open.hpp"
#include "tests/support/postgres_database.hpp"
#include "tests/support/temp_folder.hpp"

namespace claviger::test {

inline bool sites_use_postgres() {
  static const bool chosen = [] {
    const char* const given = std::getenv("CLAVIGER_TEST_ENGINE");
    const std::string_view engine = given != nullptr ? given : "sqlite";
    if (engine != "sqlite" && engine != "postgres") {
      throw std::runtime_error("CLAVIGER_TEST_ENGINE is sqlite or postgres");
    }
    return engine == "postgres";
  }();
  return chosen;
}

class SiteDatabase {
 public:
  virtual ~SiteDatabase() = default;
  virtual std::unique_ptr<store::sql::Driver> open(Worker& worker, Log& log) = 0;
  // Every byte of it that lies on a disk or, of PostgreSQL, everything that a dump would hold.
  virtual std::string bytes() const = 0;
};

// Makes the keys in the database of a template.
using MakeKeys = std::function<void(SiteDatabase&)>;

class SqliteSite final : public SiteDatabase {
 public:
  SqliteSite() = default;
  explicit SqliteSite(const MakeKeys& make_keys) {
    std::filesystem::copy_file(template_file(make_keys), file());
  }

  std::unique_ptr<store::sql::Driver> open(Worker& worker, Log& log) override {
    store::SqliteOptions options;
    options.directory = folder_.path();
    options.writer = &worker;
    return store::open_sqlite(options, log);
  }

  std::string bytes() const override {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      std::ifstream in(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(in), {});
    }
    return all;
  }

 private:
  std::string file() const { return folder_.path() + "/claviger.db"; }

  // One for each build of this program: any number of processes may need it.
  static const std::string& template_file(const MakeKeys& make_keys) {
    namespace fs = std::filesystem;
    static const std::string path = [&] {
      const auto built = fs::last_write_time("/proc/self/exe").time_since_epoch().count();
      const auto made = fs::path(CLAVIGER_BINARY_DIR) / fmt::format("template-{}.db", built);
      if (fs::exists(made)) return made.string();
      SqliteSite empty;
      make_keys(empty);
      // Two that begin at once both make one; either is as good, and a rename is never half done.
      const auto mine = fmt::format("{}.{}", made.string(), ::getpid());
      fs::copy_file(empty.file(), mine);
      fs::rename(mine, made);
      return made.string();
    }();
    return path;
  }

  TempFolder folder_;
};

class PostgresSite final : public SiteDatabase {
 public:
  PostgresSite() = default;
  explicit PostgresSite(const MakeKeys& make_keys) {
    const auto& keys = template_site(make_keys);
    store::postgres::bring_schema_up_to_date(database_.url());
    PostgresSession(database_.url())
        .run("INSERT INTO server_keys SELECT * FROM " + keys.database_.schema() + ".server_keys");
  }

  std::unique_ptr<store::sql::Driver> open(Worker&, Log& log) override {
    return database_.open(log);
  }

  std::string bytes() const override {
    PostgresSession session(database_.url());
    session.run("SET bytea_output = escape");  // text in a blob stays readable
    std::string all;
    for (const auto& table :
         session.run("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")) {
      for (const auto& row : session.run("SELECT t::text FROM " + table + " t")) all += row;
    }
    return all;
  }

 private:
  // One for each process, which keeps it as long as its schemas.
  static const PostgresSite& template_site(const MakeKeys& make_keys) {
    static const std::unique_ptr<PostgresSite> made = [&] {
      auto site = std::make_unique<PostgresSite>();
      make_keys(*site);
      return site;
    }();
    return *made;
  }

  PostgresDatabase database_;
};

inline std::unique_ptr<SiteDatabase> make_site_database(const MakeKeys& make_keys) {
  if (sites_use_postgres()) return std::make_unique<PostgresSite>(make_keys);
  return std::make_unique<SqliteSite>(make_keys);
}

}  // namespace claviger::test
