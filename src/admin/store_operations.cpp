#include "admin/arguments.hpp"
#include "admin/backups.hpp"
#include "admin/nouns.hpp"
#include "admin/show.hpp"
#include "base/reasons/admin.hpp"

namespace claviger::admin {

namespace json = boost::json;

// {} -> {storage_epoch, since}. Every one-time thing of before is refused from here on, on every
// node.
Answer store_new_epoch(const Deps& deps, json::object arguments) {
  const Arguments in(std::move(arguments), {});
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto epoch = co_await deps.store.storage_epochs.raise(deps.clock.now());
  co_return json::object{{"storage_epoch", epoch.number}, {"since", rfc3339(epoch.since)}};
}

// {target} -> {target}. An absolute path on the machine of the server, which writes it.
Answer backup_begin(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"target"});
  auto target = in.text("target");
  if (in.fault()) co_return std::unexpected(*in.fault());
  if (!deps.backups) co_return refused(reason::admin_backup_elsewhere);
  co_return deps.backups->begin(std::move(target));
}

// {} -> {target, phase: copying | checking | done | failed, bytes, total_bytes, storage_epoch,
// problem}.
Answer backup_look(const Deps& deps, json::object arguments) {
  const Arguments in(std::move(arguments), {});
  if (in.fault()) co_return std::unexpected(*in.fault());
  if (!deps.backups) co_return refused(reason::admin_backup_elsewhere);
  co_return deps.backups->look();
}

}  // namespace claviger::admin
