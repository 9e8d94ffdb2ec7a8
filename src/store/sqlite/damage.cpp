#include "store/sqlite/damage.hpp"

#include <fmt/format.h>

namespace claviger::store::sqlite {

void Damage::found(const std::string& what) {
  std::string sentence;
  {
    const std::lock_guard lock(mutex_);
    if (!sentence_.empty()) return;
    sentence_ = fmt::format("{} is damaged ({}) and only read from now on: stop the server and {}",
                            path_, what, kRestoreBackup);
    sentence = sentence_;
    found_.store(true, std::memory_order_release);
  }
  log_.write(LogLevel::error, "store.damaged", {{"cause", sentence}});
}

std::string Damage::sentence() const {
  const std::lock_guard lock(mutex_);
  return sentence_;
}

}  // namespace claviger::store::sqlite
