// Whether the database is the one that the folder's last server left behind. An older copy of it,
// another one, or its file without its log would all open without a word, and a code that was
// redeemed could be redeemed again. So each server writes an id into the database and beside it,
// and the next one compares (T-10).
#pragma once
#include <optional>
#include <string>

#include "base/log.hpp"
#include "store/sqlite/connection.hpp"

namespace claviger::store::sqlite {

class Stamp {
 public:
  // Before the database is opened, which would take its log over.
  explicit Stamp(ConnectionOptions database);

  // A sentence for the operator when the file is not what was left. Nothing: it is; or nobody
  // can say, since it is new here, or was restored as another incarnation.
  const std::optional<std::string>& complaint() const { return complaint_; }
  // A server begins. The id is in the database file itself when this returns, or the one before
  // it counts as well.
  void begin(Connection& connection, Log& log);
  // Nobody needs the log after this.
  void end();

 private:
  struct Left {
    bool was_open = false;  // its log has to be there
    std::string id;
    std::string or_id;  // when nobody knows which of two was written
  };
  std::string path() const { return database_.path + "-run"; }
  void read();
  void judge();
  void renew(Connection& connection);
  void write(const Left& left) const;
  bool log_is_there() const;

  const ConnectionOptions database_;
  std::optional<Left> left_;
  std::optional<std::string> complaint_;
};

}  // namespace claviger::store::sqlite
