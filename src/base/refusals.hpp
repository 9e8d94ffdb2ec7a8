// The last refusals of this process, for `claviger explain` and the loopback explain page. A ring
// in memory: a flood costs no durable write, and refusals alike (same reason, same client) that
// follow one another closely share a slot with a count, so that they can't push everything else
// out.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/reason.hpp"
#include "base/time.hpp"

namespace claviger {

struct Refusal {
  std::string request_id;  // of the latest in this slot
  Time at{};
  std::string endpoint;   // "POST /token"
  std::string client_id;  // as far as known
  int status = 0;
  Error error;
  std::uint64_t count = 1;               // how many alike this slot stands for
  std::vector<std::string> request_ids;  // the latest few of them
};

class Refusals {
 public:
  static constexpr std::size_t kCapacity = 4096;
  explicit Refusals(std::size_t capacity = kCapacity);

  void remember(Refusal refusal);
  std::optional<Refusal> find(std::string_view request_id) const;
  std::vector<Refusal> latest(std::size_t count) const;

 private:
  struct Slot {
    Refusal refusal;
    std::uint64_t touched = 0;  // order of the latest refusal in each slot
  };
  void join(std::size_t slot, Refusal refusal);
  void vacate(std::size_t slot);
  void forget(const std::string& request_id, std::size_t slot);

  mutable std::mutex mutex_;
  const std::size_t capacity_;
  std::vector<Slot> ring_;  // grows to its capacity: a server that refuses little is small
  std::size_t next_ = 0;
  std::uint64_t touches_ = 0;
  std::unordered_map<std::string, std::size_t> by_request_;   // request id -> slot
  std::unordered_map<std::string, std::size_t> by_likeness_;  // reason + client + endpoint -> slot
};

}  // namespace claviger
