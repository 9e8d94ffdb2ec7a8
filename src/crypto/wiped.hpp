// Bytes of a key on their way through our hands: wiped when they go (JO-31).
#pragma once
#include <openssl/crypto.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/bytes.hpp"

namespace claviger::crypto {

class Wiped {
 public:
  explicit Wiped(std::size_t size) : bytes_(size) {}
  explicit Wiped(Bytes&& bytes) : bytes_(std::move(bytes)) {}
  Wiped(Wiped&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  Wiped& operator=(Wiped&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  std::span<std::uint8_t> out() { return bytes_; }
  ByteView view() const { return bytes_; }
  std::size_t size() const { return bytes_.size(); }

 private:
  Bytes bytes_;
};

}  // namespace claviger::crypto
