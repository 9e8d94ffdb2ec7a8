// Device codes: shown as a user code, approved or denied by a person, redeemed once (RFC8628-3).
#pragma once
#include <optional>
#include <string>
#include <variant>

#include "base/random.hpp"
#include "model/device_code.hpp"
#include "store/codes.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

// Of a device code: what a code's is of a code.
using DeviceRedeemPlan = RedeemPlan;

class DeviceCodes {
 public:
  DeviceCodes(sql::Driver& driver, Random& random) : driver_(driver), random_(random) {}

  Task<std::optional<DeviceCode>> find(Id selector);
  // The one that waits under this user code: neither expired, answered nor redeemed.
  Task<std::optional<DeviceCode>> find_waiting(std::string user_code, Time now);

  enum class Added { added, exists };
  // exists: another one has this user code, or had it until a moment ago; choose again.
  Task<Added> add(DeviceCode code);
  // One of these answers a waiting code, once. False: answered or expired before. Of `by` counts
  // who it was and how that person had signed in: what is allowed stands in the row.
  Task<bool> approve(Id selector, Authorized by, Time now);
  Task<bool> deny(Id selector, Time now);

  // A poll that was allowed: notes the time. slow_down: it came before the interval was over, which
  // is now longer by five seconds, up to a minute (RFC8628-3.5).
  enum class Polled { noted, slow_down };
  Task<Polled> poll(Id selector, Time now);

  struct Redeemed {
    Grant grant;
  };
  struct Gone {};  // not approved, expired, or redeemed before
  using Redemption = std::variant<Redeemed, Gone>;
  Task<Redemption> redeem(DeviceRedeemPlan plan);

 private:
  sql::Driver& driver_;
  Random& random_;
};

}  // namespace claviger::store
