// A driver in front of another: keeps what each operation changed, and can spoil one statement.
#pragma once
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "store/sql/driver.hpp"

namespace claviger::test {

class WatchedDriver final : public store::sql::Driver {
 public:
  explicit WatchedDriver(std::unique_ptr<store::sql::Driver> inner) : inner_(std::move(inner)) {}

  Task<std::vector<store::sql::Row>> read(store::sql::Statement statement) override {
    return inner_->read(std::move(statement));
  }

  Task<store::sql::OperationResult> commit(store::sql::Operation operation) override {
    bool spoiled = false;
    for (std::size_t i = 0; i < operation.size(); ++i) {
      if (!spoil_after_ || (*spoil_after_)-- != 0) continue;
      // Fails in either engine, behind whatever the operation has done so far.
      operation.insert(operation.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                       {"INSERT INTO store (one, storage_epoch) VALUES (2, 2)", {}});
      spoil_after_.reset();
      spoiled = true;
      break;
    }
    if (spoiled) {
      try {
        co_await inner_->commit(std::move(operation));
      } catch (const std::exception&) {
      }
      throw store::Unavailable("spoiled");
    }
    auto results = co_await inner_->commit(std::move(operation));
    for (const auto& result : results) changed_.push_back(result.changed);
    co_return results;
  }

  std::int64_t storage_epoch() const override { return inner_->storage_epoch(); }

  // Lets the transaction fail right behind the n-th statement from now on (0: the first).
  void spoil_after(std::size_t n) { spoil_after_ = n; }
  bool spoil_is_pending() const { return spoil_after_.has_value(); }
  void spoil_nothing() { spoil_after_.reset(); }

  // How many rows each statement changed since the last time this was asked.
  std::vector<std::int64_t> take_changed() { return std::exchange(changed_, {}); }

 private:
  std::unique_ptr<store::sql::Driver> inner_;
  std::optional<std::size_t> spoil_after_;
  std::vector<std::int64_t> changed_;
};

}  // namespace claviger::test
