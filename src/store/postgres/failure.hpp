// What went wrong, in the two ways that matter: a statement failed, or the connection is gone.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace claviger::store::postgres {

// The connection broke, or took too long: what it was doing has no known outcome.
class LinkLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The server refused a statement. The sentence is its primary message, never the detail, which
// quotes values.
struct Refused {
  std::string sqlstate;
  std::string sentence;
  std::size_t at = 0;  // which of the results

  // Somebody else was in between; run again, it finds what the other left.
  bool is_worth_a_retry() const {
    return sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "23505";
  }
  // The statement itself is wrong, or breaks a constraint: a fault of ours, not of the world's.
  bool is_our_fault() const {
    const auto kind = std::string_view(sqlstate).substr(0, 2);
    return kind == "22" || kind == "23" || kind == "26" || kind == "42" || kind == "0A";
  }
  // Somebody else held a row for longer than a statement waits for one.
  bool is_of_a_lock() const { return sqlstate == "55P03"; }
  // The server may not be written to: after a failover this one is the standby.
  bool is_of_a_standby() const { return sqlstate == "25006"; }
};

// For whoever asked the driver.
struct Failure {
  bool our_fault = false;  // a broken statement: std::logic_error; otherwise Unavailable
  std::string sentence;
};

inline Failure failure_of(const Refused& refused) {
  return {refused.is_our_fault(), refused.sentence};
}

}  // namespace claviger::store::postgres
