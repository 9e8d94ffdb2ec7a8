#include "store/opaque_tokens.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {

Task<void> OpaqueTokens::add(OpaqueAccessToken token) {
  const auto& claims = token.claims;
  sql::Operation operation;
  operation.push_back(sql::statement(
      "INSERT INTO opaque_tokens (selector, verifier_hash, sub, client_id, scopes, audience, "
      "grant_id, act, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      token.selector, token.verifier_hash, claims.sub, claims.client_id,
      sql::words_to_text(claims.scopes), sql::list_to_text(claims.audience), claims.grant,
      claims.act, claims.issued_at, claims.expires_at));
  co_await driver_.commit(std::move(operation));
}

Task<std::optional<OpaqueAccessToken>> OpaqueTokens::find(Id selector) {
  const auto rows = co_await driver_.read(
      sql::statement("SELECT selector, verifier_hash, sub, client_id, scopes, audience, grant_id, "
                     "act, issued_at, expires_at FROM opaque_tokens WHERE selector = $1",
                     selector));
  if (rows.empty()) co_return std::nullopt;
  const auto& row = rows[0];
  OpaqueAccessToken token;
  token.selector = row.id(0);
  token.verifier_hash = row.digest(1);
  token.claims.sub = row.text(2);
  token.claims.client_id = row.text(3);
  token.claims.scopes = sql::text_to_words(row.text(4));
  token.claims.audience = sql::text_to_list(row.text(5));
  token.claims.jti = token.selector.text();
  token.claims.grant = row.maybe_id(6);
  token.claims.act = row.text(7);
  token.claims.issued_at = from_micros(row.integer(8));
  token.claims.expires_at = from_micros(row.integer(9));
  co_return token;
}

}  // namespace claviger::store
