#include "crypto/system_random.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace claviger::crypto {
namespace {

constexpr std::size_t kStockBytes = 512;

void draw(std::span<std::uint8_t> out) {
  constexpr std::size_t kAtOnce = 1u << 20;  // RAND_bytes takes an int
  while (!out.empty()) {
    const auto part = out.first(std::min(out.size(), kAtOnce));
    if (RAND_bytes(part.data(), static_cast<int>(part.size())) != 1) std::abort();
    out = out.subspan(part.size());
  }
}

class Stock {
 public:
  Stock() = default;
  Stock(const Stock&) = delete;
  Stock& operator=(const Stock&) = delete;
  ~Stock() { discard(); }

  void take(std::span<std::uint8_t> out) {
    if (out.size() > left_) {
      draw(bytes_);
      left_ = bytes_.size();
    }
    const auto taken = std::span(bytes_).subspan(left_ - out.size(), out.size());
    std::ranges::copy(taken, out.begin());
    OPENSSL_cleanse(taken.data(), taken.size());
    left_ -= out.size();
  }

  void discard() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
    left_ = 0;
  }

 private:
  std::array<std::uint8_t, kStockBytes> bytes_;
  std::size_t left_ = 0;
};

Stock& thread_stock() {
  thread_local Stock stock;
  return stock;
}

// Of the threads only the one that forks lives on in the child, which would otherwise hand out what
// its parent does.
void discard_in_children() {
  static const int registered = pthread_atfork(nullptr, nullptr, [] { thread_stock().discard(); });
  if (registered != 0) std::abort();
}

}  // namespace

void SystemRandom::fill(std::span<std::uint8_t> out) {
  if (out.size() > kStockBytes / 2) {
    draw(out);
    return;
  }
  discard_in_children();
  thread_stock().take(out);
}

}  // namespace claviger::crypto
