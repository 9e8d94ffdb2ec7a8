#include "store/grant_rows.hpp"

namespace claviger::store {
namespace {

// How long a grant's row outlives its last token; without a family that last token is an access
// token, and none of ours lives longer than this.
constexpr auto kKeepGrant = std::chrono::hours(24);

}  // namespace

void append_authorized(sql::Statement& statement, const Authorized& authorized) {
  sql::append(statement, authorized.client_id, authorized.sub, authorized.session,
              sql::words_to_text(authorized.scopes), sql::list_to_text(authorized.resources),
              authorized.claims, authorized.auth_time, authorized.acr,
              sql::words_to_text(authorized.amr), authorized.epochs.user, authorized.epochs.client,
              authorized.epochs.consent);
}

void read_authorized(sql::Row& row, std::size_t first, Authorized& into) {
  into.client_id = row.take_text(first);
  into.sub = row.take_text(first + 1);
  into.session = row.id(first + 2);
  into.scopes = sql::text_to_words(row.text(first + 3));
  into.resources = sql::text_to_list(row.text(first + 4));
  into.claims = row.take_text(first + 5);
  into.auth_time = from_micros(row.integer(first + 6));
  into.acr = row.take_text(first + 7);
  into.amr = sql::text_to_words(row.text(first + 8));
  into.epochs = {row.integer(first + 9), row.integer(first + 10), row.integer(first + 11)};
}

void append_grant(sql::Statement& statement, const Grant& grant, Time keep_until) {
  append_authorized(statement, grant);
  sql::append(statement, grant.id, to_string(grant.type), grant.session_bound, grant.parent,
              grant.act, grant.created_at, "", keep_until);
}

sql::Statement grant_of_row(sql::Text text, const RedeemPlan& plan, const Id& op) {
  const Time keep_until = (plan.family ? plan.family->expires_at : plan.now) + kKeepGrant;
  return sql::statement(text, plan.selector, op, plan.grant.id, to_string(plan.grant.type),
                        plan.grant.session_bound, plan.grant.act, plan.now, "", keep_until);
}

sql::Statement family_of_row(sql::Text text, const RedeemPlan& plan, const Id& op) {
  const auto& family = *plan.family;
  return sql::statement(text, plan.selector, op, family.id, plan.grant.id, family.counter,
                        family.rotated_at, family.mac_kid, family.idle_expires_at,
                        family.expires_at);
}

Grant redeemed_grant(const RedeemPlan& plan, sql::Row& row) {
  Grant grant;
  read_authorized(row, 0, grant);
  grant.id = plan.grant.id;
  grant.type = plan.grant.type;
  grant.session_bound = plan.grant.session_bound;
  grant.act = plan.grant.act;
  grant.created_at = plan.now;
  return grant;
}

}  // namespace claviger::store
