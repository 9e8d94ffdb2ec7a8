// SQLite databases as earlier releases left them.
#pragma once
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace claviger::test {

// The script that makes an empty database of the schema `version`.
inline std::string earlier_schema(std::size_t version) {
  std::set<std::filesystem::path> migrations;
  const auto folder = std::string(CLAVIGER_SOURCE_DIR) + "/src/store/migrations/sqlite";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    migrations.insert(file.path());
  }
  std::ostringstream text;
  text << "BEGIN;\n";
  std::size_t n = 0;
  for (const auto& file : migrations) {
    if (++n <= version) text << std::ifstream(file).rdbuf();
  }
  text << "PRAGMA application_id = 0x436c6176; PRAGMA user_version = " << version << ";COMMIT;";
  return text.str();
}

// What another program does to a database that no server of ours has open.
inline void meanwhile(const std::string& path, const std::string& script) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, script.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(db);
  sqlite3_close(db);
  std::filesystem::permissions(path, std::filesystem::perms(0600));
}

}  // namespace claviger::test
