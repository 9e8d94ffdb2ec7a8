#include "app/database_watch.hpp"

#include "app/run_inline.hpp"

namespace claviger::app {

using endpoints::DatabaseState;

DatabaseWatch::DatabaseWatch(store::Store& store, Times times) : store_(store), times_(times) {
  look();
  thread_ = std::thread([this] { run(); });
}

DatabaseWatch::~DatabaseWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void DatabaseWatch::look() {
  {
    const std::lock_guard lock(mutex_);
    began_ = Clock::now();
    looking_ = true;
  }
  DatabaseState found{};
  try {
    found = run_inline(endpoints::look_at_database(store_));
  } catch (const std::exception&) {
    found = DatabaseState::unavailable;  // whatever it is, requests would meet it too
  }
  const std::lock_guard lock(mutex_);
  found_ = found;
  looking_ = false;
}

void DatabaseWatch::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, times_.pause, [this] { return stopping_; })) {
    lock.unlock();
    look();
    lock.lock();
  }
}

DatabaseState DatabaseWatch::state() const {
  {
    const std::lock_guard lock(mutex_);
    if (looking_ && Clock::now() - began_ > times_.patience) return DatabaseState::silent;
    if (found_ != DatabaseState::ok) return found_;
  }
  // A write that failed is known at once.
  return store_.driver().writable() ? DatabaseState::ok : DatabaseState::not_writable;
}

}  // namespace claviger::app
