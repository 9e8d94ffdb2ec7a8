// Grants, their families of refresh tokens, and the access tokens that were revoked one by one.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/random.hpp"
#include "model/grant.hpp"
#include "model/storage_epoch.hpp"
#include "store/sql/driver.hpp"
#include "store/standing.hpp"

namespace claviger::store {

struct FamilyWithGrant {
  RefreshFamily family;
  Grant grant;
  StorageEpoch epoch;  // the store's at that moment
  Standing standing;
};

// What is behind an access token.
struct GrantWithStanding {
  Grant grant;
  bool denied = false;  // the one token
  Standing standing;
};

// Advance the family's counter from `from` to `from` + 1.
struct RotatePlan {
  Id family;
  std::int64_t from = 0;
  std::string mac_kid;  // for the successor
  Time idle_expires_at{};
  Time now{};
};

class Grants {
 public:
  Grants(sql::Driver& driver, Random& random, Clients& clients)
      : driver_(driver), random_(random), clients_(clients) {}

  Task<std::optional<Grant>> find(Id id);
  // Null: there is no such row.
  Task<std::unique_ptr<GrantWithStanding>> find_with_standing(Id id, std::string jti);
  Task<std::unique_ptr<FamilyWithGrant>> find_family(Id family);

  // A grant that no code led to: of an assertion, or of an exchange. With a parent: only while that
  // one is not revoked. False: it was.
  Task<bool> add(Grant grant, Time keep_until);

  // rotated: this call moved the counter. lost: somebody else did, or the grant was revoked; read
  // again and judge again.
  enum class Rotation { rotated, lost };
  Task<Rotation> rotate(RotatePlan plan);
  // After a restore a token from the future may be taken once, for a day: sets counter to `to` if
  // the row's storage epoch differs from the store's and its counter is `to` - 1
  // (`RotatePlan::from` = `to`, then goes on as rotate).
  Task<Rotation> fast_forward(RotatePlan plan);

  // Ends the grant, everything under it, and every grant exchanged from it (TX-11). False: it was
  // revoked already or does not exist.
  Task<bool> revoke(Id grant, std::string because, Time now);
  Task<std::size_t> revoke_all_of_client(std::string client_id, std::string because, Time now);
  // Every grant that was made or refreshed at `since` or later.
  Task<std::size_t> revoke_since(Time since, std::string because, Time now);
  // Families of which some token still works.
  Task<std::int64_t> count_live_families(Time now);

  // One access token, by its jti, until it would have expired anyway.
  Task<void> deny_token(std::string jti, Time until);
  Task<bool> is_denied(std::string jti);

 private:
  sql::Driver& driver_;
  Random& random_;
  Clients& clients_;
};

}  // namespace claviger::store
