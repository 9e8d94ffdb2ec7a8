// A driver whose n-th call from now on finds the database gone, once, before anything is done.
#pragma once
#include <memory>
#include <optional>

#include "store/sql/driver.hpp"

namespace claviger::test {

class FailingDriver final : public store::sql::Driver {
 public:
  // `countdown` outlives the driver: nothing, no failure; 0, the next call fails.
  FailingDriver(std::unique_ptr<store::sql::Driver> inner, std::optional<int>& countdown)
      : inner_(std::move(inner)), countdown_(countdown) {}

  Task<std::vector<store::sql::Row>> read(store::sql::Statement statement) override {
    fail_if_due();
    return inner_->read(std::move(statement));
  }
  Task<store::sql::OperationResult> commit(store::sql::Operation operation) override {
    fail_if_due();
    return inner_->commit(std::move(operation));
  }
  std::int64_t storage_epoch() const override { return inner_->storage_epoch(); }

 private:
  void fail_if_due() {
    if (!countdown_) return;
    if (*countdown_ > 0) {
      --*countdown_;
      return;
    }
    countdown_.reset();
    throw store::Unavailable("the database is gone");
  }

  std::unique_ptr<store::sql::Driver> inner_;
  std::optional<int>& countdown_;
};

}  // namespace claviger::test
