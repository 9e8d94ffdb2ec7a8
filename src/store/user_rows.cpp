#include "store/user_rows.hpp"

namespace claviger::store {

User read_user(sql::Row& row, std::size_t first) {
  User user;
  user.sub = row.take_text(first);
  user.username = row.take_text(first + 1);
  user.email = row.take_text(first + 2);
  user.firstname = row.take_text(first + 3);
  user.lastname = row.take_text(first + 4);
  user.phone = row.take_text(first + 5);
  user.disabled = row.integer(first + 6) != 0;
  user.epoch = row.integer(first + 7);
  user.created_at = from_micros(row.integer(first + 8));
  user.updated_at = from_micros(row.integer(first + 9));
  user.email_verified = row.integer(first + 10) != 0;
  user.phone_verified = row.integer(first + 11) != 0;
  const auto& claims = row.text(first + 12);
  // Most have none, and a parser costs 2,000 instructions.
  if (claims != "{}") user.claims = boost::json::parse(claims).as_object();
  return user;
}

}  // namespace claviger::store
