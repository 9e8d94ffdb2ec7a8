#include "app/database_watch.hpp"

#include "app/run_inline.hpp"

namespace claviger::app {

using endpoints::DatabaseState;

namespace {

constexpr std::chrono::seconds kPause{1};
// Longer than a busy database takes for one small read.
constexpr std::chrono::seconds kPatience{3};

}  // namespace

DatabaseWatch::DatabaseWatch(store::Store& store) : store_(store) {
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
  DatabaseState found = DatabaseState::unavailable;
  try {
    found = run_inline(endpoints::look_at_database(store_));
  } catch (const std::exception&) {
    // Whatever it is, requests would meet it too.
  }
  const std::lock_guard lock(mutex_);
  found_ = found;
  looking_ = false;
}

void DatabaseWatch::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kPause, [this] { return stopping_; })) {
    lock.unlock();
    look();
    lock.lock();
  }
}

DatabaseState DatabaseWatch::state() const {
  {
    const std::lock_guard lock(mutex_);
    if (looking_ && Clock::now() - began_ > kPatience) return DatabaseState::silent;
    if (found_ != DatabaseState::ok) return found_;
  }
  // A write that failed is known at once.
  return store_.driver().writable() ? DatabaseState::ok : DatabaseState::not_writable;
}

}  // namespace claviger::app
