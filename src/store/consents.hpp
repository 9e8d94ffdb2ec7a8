// What people allowed clients.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "model/session.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class Consents {
 public:
  Consents(sql::Driver& driver, Random& random) : driver_(driver), random_(random) {}

  // Nothing: never asked, or withdrawn (`epoch` of a withdrawn one: see epoch()).
  Task<std::optional<Consent>> find(std::string sub, std::string client_id);
  // 0 when there never was one.
  Task<std::int64_t> epoch(std::string sub, std::string client_id);
  Task<std::vector<Consent>> list(std::string sub);
  // Raises the epoch: every grant made under it ends, that of an approval which was not to be
  // remembered too. False: the person never approved this client.
  Task<bool> withdraw(std::string sub, std::string client_id, Time now);

 private:
  sql::Driver& driver_;
  Random& random_;
};

}  // namespace claviger::store
