// Clients as they were last read: a request costs no read of its client's row and no copy of the
// record (a refresh: 36,000 instructions of 730,000).
//
// What is found here is the row as it is now, wherever this process alone writes: whoever changes
// any client calls forget() after the commit and before the answer, and what was read before that
// is not believed any more. At a database of several nodes it may be as old as the announcement of
// another node's change takes, and kBelieved when that is lost (docs/decisions/0012).
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "model/client.hpp"

namespace claviger::store {

class ClientCache {
 public:
  static constexpr std::chrono::seconds kBelieved{1};

  explicit ClientCache(bool is_shared) : is_shared_(is_shared) {}

  // The moment before a row is read.
  struct Moment {
    std::uint64_t generation = 0;
    std::chrono::steady_clock::time_point time;
  };
  Moment moment() const;
  // Null: read the row.
  SharedClient find(std::string_view client_id) const;
  // As it was read after `before`. A stranger's id that nobody registered is never put, so that a
  // flood of them pushes nothing out.
  void put(SharedClient client, Moment before);
  // Whatever was read until now may have changed.
  void forget() { generation_.fetch_add(1); }
  // Announcements of other nodes arrive from now on. Without them nothing of a shared database is
  // believed.
  void listens() { listens_ = true; }

 private:
  // Bounds the memory; of two clients that fall on one place the later stays.
  static constexpr std::size_t kPlaces = 1024;
  struct Entry {
    SharedClient client;
    Moment before;
  };
  using Place = std::atomic<std::shared_ptr<const Entry>>;

  static std::size_t place_of(std::string_view client_id);

  const bool is_shared_;
  std::atomic<bool> listens_ = false;
  std::atomic<std::uint64_t> generation_ = 0;
  std::unique_ptr<std::array<Place, kPlaces>> places_ =
      std::make_unique<std::array<Place, kPlaces>>();
};

}  // namespace claviger::store
