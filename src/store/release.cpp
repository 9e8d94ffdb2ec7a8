#include "store/release.hpp"

#include <span>

#include "base/embedded_file.hpp"

namespace claviger::embedded {
std::span<const EmbeddedFile> sqlite_migrations();
}

namespace claviger::store {

Task<bool> fits_this_release(sql::Driver& driver) {
  sql::Statement statement{"SELECT compatible_from FROM store", {}};
  try {
    const auto rows = co_await driver.read(std::move(statement));
    // Both engines have the same migrations, by number.
    co_return !rows.empty() && rows.front().integer(0) <= std::ssize(embedded::sqlite_migrations());
  } catch (const std::logic_error&) {
    co_return false;  // a schema so new that it says so elsewhere
  }
}

}  // namespace claviger::store
