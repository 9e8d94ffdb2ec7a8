// A connection that may block: for what happens before serving, and for the command line.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/postgres/link.hpp"

namespace claviger::store::postgres {

class Session {
 public:
  // Throws Unavailable when the server can't be reached.
  explicit Session(const std::string& url);

  // Throws std::runtime_error when the server is one that could lose what it acknowledges.
  void judge();
  // Throws Unavailable with the server's complaint.
  Result run(const std::string& script);
  // The one number that a query answers; nothing: no row, or NULL.
  std::optional<std::int64_t> number(const char* query);
  // The columns of the one row that a query answers.
  std::vector<std::string> row(const std::string& query);
  PGconn* handle() const { return conn_.get(); }

 private:
  struct Finish {
    void operator()(PGconn* conn) const { PQfinish(conn); }
  };
  std::string complaint() const;

  std::unique_ptr<PGconn, Finish> conn_;
};

}  // namespace claviger::store::postgres
