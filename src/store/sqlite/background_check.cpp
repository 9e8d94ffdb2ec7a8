#include "store/sqlite/background_check.hpp"

namespace claviger::store::sqlite {
namespace {

// How many steps of SQLite's machine lie between two looks at whether to end: some milliseconds.
constexpr int kSteps = 20'000;

}  // namespace

std::vector<std::string> look_for_damage(Connection& connection, const char* query) {
  std::vector<std::string> problems;
  try {
    for (const auto& row : connection.run({query, {}}).rows) {
      if (row.text(0) != "ok") problems.push_back(row.text(0));
    }
  } catch (const SqliteError& error) {
    if (error.primary() != SQLITE_CORRUPT) throw;
    problems.emplace_back(error.what());
  }
  return problems;
}

BackgroundCheck::BackgroundCheck(const ConnectionOptions& options, std::chrono::milliseconds first,
                                 std::chrono::milliseconds pause, Damage& damage, Log& log)
    : options_(options), first_(first), pause_(pause), damage_(damage), log_(log) {
  worker_ = make_thread_worker("check", 1, 1, true);
  worker_->post([this] { run(); });
}

BackgroundCheck::~BackgroundCheck() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
}

void BackgroundCheck::run() {
  for (bool goes_on = wait(first_); goes_on; goes_on = wait(pause_)) {
    check();
    if (damage_.is_found()) return;
  }
}

void BackgroundCheck::check() {
  try {
    Connection connection(options_);
    sqlite3_progress_handler(connection.handle(), kSteps, is_interrupted, this);
    const auto problems = look_for_damage(connection, "PRAGMA quick_check(1)");
    if (!problems.empty()) return damage_.found(problems.front());
    log_.write(LogLevel::debug, "store.checked", {});
  } catch (const SqliteError& error) {
    if (is_ending()) return;
    if (error.primary() == SQLITE_NOTADB) return damage_.found(error.what());
    log_.write(LogLevel::warning, "store.not_checked", {{"error", error.what()}});
  }
}

bool BackgroundCheck::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, time, [this] { return ending_; });
}

bool BackgroundCheck::is_ending() const {
  const std::lock_guard lock(mutex_);
  return ending_;
}

int BackgroundCheck::is_interrupted(void* self) {
  return static_cast<const BackgroundCheck*>(self)->is_ending() ? 1 : 0;
}

}  // namespace claviger::store::sqlite
