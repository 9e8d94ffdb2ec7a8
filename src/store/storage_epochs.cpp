#include "store/storage_epochs.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {
namespace {

StorageEpoch epoch_of(const sql::Row& row) { return {row.integer(0), from_micros(row.integer(1))}; }

}  // namespace

Task<StorageEpoch> StorageEpochs::find() {
  const auto rows =
      co_await driver_.read(sql::statement("SELECT storage_epoch, epoch_since FROM store"));
  co_return epoch_of(rows.at(0));
}

Task<StorageEpoch> StorageEpochs::raise(Time now) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE store SET storage_epoch = storage_epoch + 1, epoch_since = $1 "
                     "RETURNING storage_epoch, epoch_since",
                     now));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return epoch_of(results.at(0).rows.at(0));
}

Task<StorageEpoch> StorageEpochs::accept(Time now) {
  // A database server's name stays: until it is compared with again somebody may have taken its
  // place.
  if (driver_.is_shared()) co_return co_await raise(now);
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE store SET storage_epoch = storage_epoch + 1, epoch_since = $1, "
                     "incarnation = '' RETURNING storage_epoch, epoch_since",
                     now));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return epoch_of(results.at(0).rows.at(0));
}

}  // namespace claviger::store
