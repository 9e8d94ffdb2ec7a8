#include "store/client_logos.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {

Task<std::optional<ClientLogo>> ClientLogos::find(std::string client_id) {
  const auto rows = co_await driver_.read(sql::statement(
      "SELECT client_id, content_type, image, fetched_at FROM client_logos WHERE client_id = $1",
      client_id));
  if (rows.empty()) co_return std::nullopt;
  const auto& row = rows[0];
  co_return ClientLogo{row.text(0), row.text(1), row.blob(2), from_micros(row.integer(3))};
}

Task<void> ClientLogos::put(ClientLogo logo) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("INSERT INTO client_logos (client_id, content_type, image, fetched_at) "
                     "SELECT client_id, $2, $3, $4 FROM clients WHERE client_id = $1 "
                     "ON CONFLICT (client_id) DO UPDATE SET content_type = excluded.content_type, "
                     "image = excluded.image, fetched_at = excluded.fetched_at",
                     logo.client_id, logo.content_type, logo.image, logo.fetched_at));
  co_await driver_.commit(std::move(operation));
}

Task<void> ClientLogos::remove(std::string client_id) {
  sql::Operation operation;
  operation.push_back(sql::statement("DELETE FROM client_logos WHERE client_id = $1", client_id));
  co_await driver_.commit(std::move(operation));
}

}  // namespace claviger::store
