// Two PostgreSQL clusters of a test's own, a primary and its standby, that change places. For T-15
// the standby is asynchronous and can be made to fall behind; for T-14 the primary waits for it
// (Replication::synchronous), so that a promotion loses nothing that was acknowledged.
//
//   PostgresPair pair(Replication::synchronous);
//   home.environment["CLAVIGER_STORE__URL"] = pair.url();   // libpq finds whichever takes writes
//   pair.fail_over();       // the primary is gone as in a crash, the standby takes its place
//   pair.give_a_standby();  // and gets a fresh standby where the old primary was
#pragma once
#include <libpq-fe.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace claviger::test {

enum class Replication { asynchronous, synchronous };

class PostgresPair {
 public:
  explicit PostgresPair(Replication replication) : replication_(replication) {
    std::string name = "/tmp/claviger-pair.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    folder_ = name;
    if (::geteuid() == 0) run("chown postgres " + folder_, false);
    for (const int i : {0, 1}) run("mkdir " + socket(i));
    run(bin("initdb") + " -U claviger -A trust -E UTF8 --locale=C.UTF-8 -D " + data(primary_));
    configure();
    start(primary_);
    give_a_standby();
  }
  ~PostgresPair() {
    for (const int i : {0, 1}) {
      try {
        if (running_.at(static_cast<std::size_t>(i))) stop(i);
      } catch (const std::exception&) {
      }
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  PostgresPair(const PostgresPair&) = delete;
  PostgresPair& operator=(const PostgresPair&) = delete;

  // Of both: whoever connects ends at the one that takes writes.
  std::string url() const {
    return "postgresql://claviger@/postgres?host=" + socket(0) + "," + socket(1) +
           "&target_session_attrs=read-write";
  }
  std::string url_of_primary() const { return url_of(primary_); }
  std::string url_of_standby() const { return url_of(1 - primary_); }

  // A new cluster where there is none: a base backup of the primary, streaming from it. In
  // synchronous mode the primary waits for it from here on.
  void give_a_standby() {
    const int standby = 1 - primary_;
    run("rm -rf " + data(standby));
    run(bin("pg_basebackup") + " -c fast -X stream -R -U claviger -h " + socket(primary_) + " -D " +
        data(standby));
    start(standby);
    await(url_of_primary(), "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'",
          "1");
    if (replication_ == Replication::synchronous) wait_for_standby(true);
    await_standby();
  }
  // Everything that the primary has written stands on the standby.
  void await_standby() {
    const auto at = ask(url_of_primary(), "SELECT pg_current_wal_flush_lsn()");
    await(url_of_standby(), "SELECT pg_last_wal_replay_lsn() >= '" + at + "'::pg_lsn", "t");
  }
  // Asynchronous: the standby gets nothing more. What is acknowledged from here on is lost by
  // fail_over().
  void cut_off_standby() {
    ask(url_of_standby(), "ALTER SYSTEM SET primary_conninfo = ''");
    ask(url_of_standby(), "SELECT pg_reload_conf()");
    await(url_of_standby(), "SELECT count(*) FROM pg_stat_wal_receiver", "0");
    await(url_of_primary(), "SELECT count(*) FROM pg_stat_replication", "0");
  }
  // The primary dies in the middle of whatever it does, and never comes back as it was.
  void crash_primary() { stop(primary_); }
  void promote_standby() {
    const int standby = 1 - primary_;
    // Nobody is there yet for whom the new primary could wait.
    wait_on(standby, false);
    control(standby, "promote");
    primary_ = standby;
  }
  void fail_over() {
    crash_primary();
    promote_standby();
  }
  // One value that a query answers, as text.
  static std::string ask(const std::string& url, const std::string& query) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> conn(PQconnectdb(url.c_str()), &PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(conn.get(), query.c_str()),
                                                               &PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      throw std::runtime_error(query + ": " + PQerrorMessage(conn.get()));
    }
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
  }

 private:
  static std::string bin(const std::string& program) {
    return "/usr/lib/postgresql/15/bin/" + program;
  }
  std::string data(int i) const { return folder_ + "/data" + std::to_string(i); }
  std::string socket(int i) const { return folder_ + "/socket" + std::to_string(i); }
  std::string url_of(int i) const { return "postgresql://claviger@/postgres?host=" + socket(i); }

  void configure() {
    std::ofstream file(data(primary_) + "/postgresql.conf", std::ios::app);
    file << "listen_addresses = ''\nmax_connections = 60\nshared_buffers = 32MB\n"
            "wal_keep_size = 256MB\nwal_retrieve_retry_interval = 100ms\n";
  }
  // pg_ctl's -o is kept by the cluster, and the socket's folder differs between the two.
  void start(int i) {
    control(i, "start -l " + folder_ + "/log" + std::to_string(i) + " -o '-k " + socket(i) + "'");
    running_.at(static_cast<std::size_t>(i)) = true;
  }
  void stop(int i) {
    running_.at(static_cast<std::size_t>(i)) = false;
    control(i, "stop -m immediate");
  }
  void wait_for_standby(bool wait) {
    wait_on(primary_, wait);
    const auto sync =
        "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')";
    await(url_of_primary(), sync, wait ? "1" : "0");
  }
  void wait_on(int i, bool wait) {
    if (replication_ == Replication::asynchronous) return;
    const std::string names = wait ? "*" : "";
    ask(url_of(i), "ALTER SYSTEM SET synchronous_standby_names = '" + names + "'");
    ask(url_of(i), "SELECT pg_reload_conf()");
  }
  static void await(const std::string& url, const std::string& query, const std::string& value) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (ask(url, query) != value) {
      if (std::chrono::steady_clock::now() > until) {
        throw std::runtime_error("never true: " + query);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  void control(int i, const std::string& verb) {
    run(bin("pg_ctl") + " -w -s -D " + data(i) + " " + verb);
  }
  // The server refuses to be root.
  static void run(const std::string& command, bool as_postgres = true) {
    const bool step_down = as_postgres && ::geteuid() == 0;
    const auto line = "cd / && exec " + std::string(step_down ? "runuser -u postgres -- " : "") +
                      command + " >>/dev/null 2>&1 </dev/null";
    if (std::system(line.c_str()) != 0) throw std::runtime_error("failed: " + command);
  }

  const Replication replication_;
  std::string folder_;
  int primary_ = 0;
  std::array<bool, 2> running_{};
};

}  // namespace claviger::test
