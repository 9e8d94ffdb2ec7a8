// How whoever stands behind something that was granted stands now: everything that the subject gate
// asks of the store, beside what was granted, in one statement. A moment later it may have changed:
// it is read for each judgement and never kept.
#pragma once
#include <optional>
#include <string_view>

#include "model/grant.hpp"
#include "model/user.hpp"
#include "store/clients.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

struct Standing {
  SharedUser user;  // without the password's hash
  SharedClient client;
  std::int64_t consent_epoch = 0;
  bool session_ended = false;  // one that was swept had not been
};

// Of `a`, a row with sub, client_id and session.
inline constexpr std::string_view kStandingColumns =
    ", u.sub, u.username, u.email, u.firstname, u.lastname, u.phone, u.disabled, u.epoch, "
    "u.created_at, u.updated_at, u.email_verified, u.phone_verified, u.claims, k.version, k.epoch, "
    "n.epoch, s.ended_at";
inline constexpr std::string_view kStandingJoins =
    " LEFT JOIN users u ON u.sub = a.sub LEFT JOIN clients k ON k.client_id = a.client_id "
    "LEFT JOIN consents n ON n.sub = a.sub AND n.client_id = a.client_id "
    "LEFT JOIN sessions s ON s.id = a.session ";
// `row` is the caller's until it returns, and left without its texts.
Task<Standing> read_standing(Clients& clients, sql::Row& row, std::size_t first,
                             std::string client_id);

class Standings {
 public:
  Standings(sql::Driver& driver, Clients& clients) : driver_(driver), clients_(clients) {}

  // Of what has no row yet.
  Task<Standing> find(std::string sub, std::string client_id, Id session);
  // Of a token that no person stands behind.
  struct Alone {
    SharedClient client;
    bool denied = false;
  };
  Task<Alone> find_alone(std::string client_id, std::string jti);

 private:
  sql::Driver& driver_;
  Clients& clients_;
};

}  // namespace claviger::store
