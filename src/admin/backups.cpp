#include "admin/backups.hpp"

#include "base/reasons/admin.hpp"

namespace claviger::admin {

namespace json = boost::json;

namespace {

using Phase = store::BackupState::Phase;

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::copying:
      return "copying";
    case Phase::checking:
      return "checking";
    case Phase::done:
      return "done";
    case Phase::failed:
      return "failed";
  }
  return "";
}

bool is_over(Phase phase) { return phase == Phase::done || phase == Phase::failed; }

}  // namespace

Result<json::object> Backups::begin(std::string target) {
  const std::lock_guard lock(mutex_);
  if (backup_ && !is_over(backup_->state().phase)) {
    return refused(reason::admin_backup_running, "", backup_->target());
  }
  store::SqliteOptions options;
  options.directory = directory_;
  try {
    backup_ = std::make_unique<store::SqliteBackup>(options, std::move(target));
  } catch (const std::runtime_error& error) {
    return refused(reason::admin_backup_place, "", error.what());
  }
  return json::object{{"target", backup_->target()}};
}

Result<json::object> Backups::look() const {
  const std::lock_guard lock(mutex_);
  if (!backup_) return refused(reason::admin_backup_none);
  const auto state = backup_->state();
  return json::object{{"target", backup_->target()},
                      {"phase", to_string(state.phase)},
                      {"bytes", state.bytes},
                      {"total_bytes", state.total_bytes},
                      {"storage_epoch", state.storage_epoch},
                      {"problem", state.error}};
}

}  // namespace claviger::admin
