#include "base/refusals.hpp"

#include <algorithm>
#include <utility>

namespace claviger {
namespace {

constexpr std::size_t kIdsOfSlot = 8;
constexpr std::size_t kTextBytes = 512;
constexpr Duration kClosely = std::chrono::minutes(1);

// What a stranger sent decides how long these are; what we keep of them it does not.
void cut(std::string& text) {
  if (text.size() <= kTextBytes) return;
  auto end = kTextBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u) --end;
  text.resize(end);
  text.shrink_to_fit();
}

// NUL can't occur in an endpoint or a reason's id, so that no two keys run together.
std::string likeness(const Refusal& refusal) {
  std::string key(refusal.error.reason ? refusal.error.reason->id : std::string_view());
  key.push_back('\0');
  key += refusal.endpoint;
  key.push_back('\0');
  key += refusal.client_id;
  return key;
}

}  // namespace

Refusals::Refusals(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {
  ring_.reserve(capacity_);
}

void Refusals::remember(Refusal refusal) {
  for (auto* text : {&refusal.request_id, &refusal.endpoint, &refusal.client_id,
                     &refusal.error.expected, &refusal.error.came}) {
    cut(*text);
  }
  const auto key = likeness(refusal);
  const std::lock_guard lock(mutex_);
  const auto alike = by_likeness_.find(key);
  if (alike != by_likeness_.end() && refusal.at - ring_[alike->second].refusal.at < kClosely) {
    join(alike->second, std::move(refusal));
    return;
  }
  const auto slot = next_;
  next_ = (next_ + 1) % capacity_;
  if (slot == ring_.size()) {
    ring_.emplace_back();
  } else {
    vacate(slot);
  }
  refusal.count = 1;
  refusal.request_ids.assign(1, refusal.request_id);
  by_request_[refusal.request_id] = slot;
  by_likeness_[key] = slot;
  ring_[slot] = Slot{std::move(refusal), ++touches_};
}

void Refusals::join(std::size_t slot, Refusal refusal) {
  auto& kept = ring_[slot].refusal;
  refusal.count = kept.count + 1;
  refusal.request_ids = std::move(kept.request_ids);
  if (refusal.request_ids.size() == kIdsOfSlot) {
    forget(refusal.request_ids.front(), slot);
    refusal.request_ids.erase(refusal.request_ids.begin());
  }
  refusal.request_ids.push_back(refusal.request_id);
  by_request_[refusal.request_id] = slot;
  kept = std::move(refusal);
  ring_[slot].touched = ++touches_;
}

void Refusals::vacate(std::size_t slot) {
  for (const auto& id : ring_[slot].refusal.request_ids) forget(id, slot);
  const auto alike = by_likeness_.find(likeness(ring_[slot].refusal));
  if (alike != by_likeness_.end() && alike->second == slot) by_likeness_.erase(alike);
}

// A later refusal of the same request may have moved its id to another slot: that entry stays.
void Refusals::forget(const std::string& request_id, std::size_t slot) {
  const auto found = by_request_.find(request_id);
  if (found != by_request_.end() && found->second == slot) by_request_.erase(found);
}

std::optional<Refusal> Refusals::find(std::string_view request_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_request_.find(std::string(request_id));
  if (found == by_request_.end()) return {};
  return ring_[found->second].refusal;
}

std::vector<Refusal> Refusals::latest(std::size_t count) const {
  const std::lock_guard lock(mutex_);
  std::vector<const Slot*> used;
  for (const auto& slot : ring_) used.push_back(&slot);
  std::ranges::sort(used, std::greater{}, &Slot::touched);
  std::vector<Refusal> out;
  for (std::size_t i = 0; i < std::min(count, used.size()); ++i) out.push_back(used[i]->refusal);
  return out;
}

}  // namespace claviger
