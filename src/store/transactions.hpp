// Authorization requests that wait for a person.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "model/session.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class Transactions {
 public:
  Transactions(sql::Driver& driver, Random& random) : driver_(driver), random_(random) {}

  Task<std::optional<Transaction>> find(Id id);
  Task<void> add(Transaction transaction);
  // Remembers who approved, and in the same transaction the consent itself when `remember` (scopes
  // are added to what was allowed before; `also`: scopes beyond those of the request). False: the
  // request was finished or has expired; nothing was written.
  Task<bool> approve(Id id, std::string sub, bool remember, Time now,
                     std::vector<std::string> also = {});
  // The person said as whom to go on: the request asks no more (prompt=select_account). False: it
  // was finished or has expired.
  Task<bool> account_chosen(Id id, Time now);
  // Answered without a code (denied, cancelled). False: it was finished already.
  Task<bool> finish(Id id, Time now);

 private:
  sql::Driver& driver_;
  Random& random_;
};

}  // namespace claviger::store
