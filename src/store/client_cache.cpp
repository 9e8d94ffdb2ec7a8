#include "store/client_cache.hpp"

#include <functional>

namespace claviger::store {

std::size_t ClientCache::place_of(std::string_view client_id) {
  return std::hash<std::string_view>{}(client_id) % kPlaces;
}

ClientCache::Moment ClientCache::moment() const {
  Moment moment{generation_.load(), {}};
  if (is_shared_) moment.time = std::chrono::steady_clock::now();
  return moment;
}

SharedClient ClientCache::find(std::string_view client_id) const {
  const auto entry = (*places_)[place_of(client_id)].load(std::memory_order_acquire);
  if (!entry || entry->client->client_id != client_id) return {};
  if (entry->before.generation != generation_.load()) return {};
  if (is_shared_) {
    const auto age = std::chrono::steady_clock::now() - entry->before.time;
    if (!listens_ || age > kBelieved) return {};
  }
  return entry->client;
}

void ClientCache::put(SharedClient client, Moment before) {
  // Somebody changed a client while this one was read: it may be the one before the change.
  if (before.generation != generation_.load()) return;
  auto& place = (*places_)[place_of(client->client_id)];
  place.store(std::make_shared<const Entry>(std::move(client), before), std::memory_order_release);
}

}  // namespace claviger::store
