// A PostgreSQL of a test's own, that may be stopped in the middle of anything.
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace claviger::test {

class PostgresServer {
 public:
  PostgresServer() {
    std::string name = "/tmp/claviger-postgres.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder_ = name;
    if (::geteuid() == 0) run("chown postgres " + folder_, false);
    run(bin("initdb") + " -U claviger -A trust -E UTF8 --locale=C.UTF-8 -D " + data());
    start();
  }
  ~PostgresServer() {
    try {
      control("stop -m immediate");
    } catch (const std::exception&) {
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  void start() {
    control("start -l " + folder_ + "/log -o '-c listen_addresses= -k " + folder_ + "'");
  }
  // As a crash: nothing is flushed, every connection ends, the log is replayed.
  void crash() { control("stop -m immediate"); }

  // `sql` without double quotes and dollars.
  void query(const std::string& sql) {
    run(bin("psql") + " -q -v ON_ERROR_STOP=1 -h " + folder_ + " -U claviger postgres -c \"" + sql +
        "\"");
  }

  std::string url() const { return "postgresql://claviger@/postgres?host=" + folder_; }

 private:
  static std::string bin(const std::string& program) {
    return "/usr/lib/postgresql/15/bin/" + program;
  }
  std::string data() const { return folder_ + "/data"; }
  void control(const std::string& verb) { run(bin("pg_ctl") + " -w -s -D " + data() + " " + verb); }
  // The server refuses to be root.
  void run(const std::string& command, bool as_postgres = true) {
    const bool step_down = as_postgres && ::geteuid() == 0;
    const auto line = "cd / && exec " + std::string(step_down ? "runuser -u postgres -- " : "") +
                      command + " >>/dev/null 2>&1 </dev/null";
    if (std::system(line.c_str()) != 0) throw std::runtime_error("failed: " + command);
  }

  std::string folder_;
};

}  // namespace claviger::test
