// One node's way to the shared database. Each read and each commit is a pause in which anything
// else may happen; the answer comes, or what happened is unknown.
#pragma once
#include <array>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <string>

#include "store/sql/driver.hpp"
#include "tests/simulator/faults.hpp"
#include "tests/simulator/schedule.hpp"
#include "tests/simulator/shared_database.hpp"

namespace claviger::simulator {

// A verb broken on purpose: in a statement that begins so, `part` is replaced.
struct Break {
  std::string begins;
  std::string part;
  std::string by;
  // Or everything is as it was, but it is answered before it is durable.
  bool answers_too_soon = false;
};

// What the drivers of one history share.
struct Storage {
  SharedDatabase& database;
  Schedule& schedule;
  const Faults& faults;
  const Break* broken = nullptr;
  std::function<void(std::string)> trace;
  bool calm = false;  // no more faults: everything is put to the test
  // What was written between the two is gone since the second.
  Tick kept_at = kNever;
  Tick failed_over_at = kNever;
  std::function<void(std::string)> announce = [](const std::string&) {};
};

class SharedDriver final : public store::sql::Driver {
 public:
  SharedDriver(Storage& storage, Owner owner) : storage_(storage), owner_(owner) {}

  // Until then everything is done at once: a node that starts waits for nothing else.
  void go_live() { live_ = true; }
  // The connections break: what was sent or waits has an unknown outcome.
  void break_connections();
  // Its node dies: coroutines that wait for a write are destroyed.
  void forget();

  Task<std::vector<store::sql::Row>> read(store::sql::Statement statement) override;
  Task<store::sql::OperationResult> commit(store::sql::Operation operation) override;
  std::int64_t storage_epoch() const override;
  bool is_shared() const override { return true; }
  Task<std::optional<Time>> clock() override;
  void announce(std::string_view topic) override { storage_.announce(std::string(topic)); }
  void hear(std::string_view topic) { Driver::announce(topic); }

 private:
  struct Refused {
    bool our_fault = false;
    std::string why;
  };
  using Read = std::expected<std::vector<store::sql::Row>, Refused>;
  using Committed = std::expected<store::sql::OperationResult, Refused>;
  struct Pending {
    store::sql::Operation operation;
    Waker<Committed> waker;
  };
  struct Writer {
    std::deque<Pending> waiting;
    bool scheduled = false;
  };

  template <class T>
  void answer(Waker<T> waker, T with);
  Duration pause();
  bool happens(int of_thousand);
  void take(std::size_t writer, Pending pending);
  void write_batch(std::size_t writer);
  void finish_batch(std::vector<Pending> batch);
  void one_by_one(std::vector<Pending> batch);
  void refuse(std::vector<Pending> batch, const char* why);
  store::sql::Statement as_sent(store::sql::Statement statement);
  Read look(const store::sql::Statement& statement);
  void tell(const std::string& what);

  Storage& storage_;
  const Owner owner_;
  bool live_ = false;
  std::array<Writer, 2> writers_;
};

}  // namespace claviger::simulator
