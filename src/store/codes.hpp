// Authorization codes: issued once, redeemed once (RFC6749-4.1.2, RFC9700-2.1.1).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/random.hpp"
#include "model/grant.hpp"
#include "model/session.hpp"
#include "store/sql/driver.hpp"
#include "store/standing.hpp"

namespace claviger::store {

inline constexpr int kMaxCodeFailures = 5;

// What a redemption creates, decided by the rules beforehand.
struct RedeemPlan {
  Id selector;  // of the code
  Grant grant;  // id, type, session_bound; the rest is copied from the code's row by the verb
  std::optional<RefreshFamily> family;  // when a refresh token is due
  Time now{};
};

// What the authorization endpoint answers with, written in one transaction.
struct AuthorizationPlan {
  std::optional<Code> code;
  std::optional<Grant> grant;  // behind an access token of the front channel (OIDCC-3.2.2.5)
  Time grant_keep_until{};
  Id transaction;
  bool stored = false;  // was the transaction ever stored? If not, only the rest is written
  Id session;
  std::string client_id;  // joined to the session, so that its end is told to the client
  Time now{};
};

struct CodeWithStanding {
  Code code;
  Standing standing;
};

class Codes {
 public:
  Codes(sql::Driver& driver, Random& random, Clients& clients)
      : driver_(driver), random_(random), clients_(clients) {}

  Task<std::optional<Code>> find(Id selector);
  Task<std::unique_ptr<CodeWithStanding>> find_with_standing(Id selector);  // null: no such row

  enum class Issued { issued, transaction_finished };
  // Finishes the transaction and writes what was issued for it, or does neither.
  Task<Issued> issue(AuthorizationPlan plan);

  struct Redeemed {
    Grant grant;
  };
  struct AlreadyRedeemed {
    Time redeemed_at;
    std::optional<Id> grant;
  };
  struct Gone {};  // expired, swept, or of another storage epoch
  using Redemption = std::variant<Redeemed, AlreadyRedeemed, Gone>;
  // One conditional write: of any number of simultaneous calls exactly one is Redeemed.
  Task<Redemption> redeem(RedeemPlan plan);

  // A wrong presentation: counts, and burns the code at kMaxCodeFailures (CI-02).
  Task<void> count_failure(Id selector, Time now);
  // Nobody can redeem it any more (CI-05).
  Task<void> burn(Id selector, Time now);

 private:
  sql::Driver& driver_;
  Random& random_;
  Clients& clients_;
};

}  // namespace claviger::store
