// The bytes that came and are not used yet: one piece of memory for the life of a connection.
#pragma once
#include <cstring>
#include <memory>
#include <string_view>

#include "base/limits.hpp"

namespace claviger::http {

class ReadBuffer {
 public:
  // A head of the largest size, and no more: what a client sends ahead waits in the kernel.
  static constexpr std::size_t kFirst = 4096;
  static constexpr std::size_t kMost = limits::kHeaderBytes + 4096;

  std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  void consume(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  // Room behind the unused bytes; zero when they fill the buffer at its largest.
  std::size_t make_room() {
    if (begin_ > 0 && capacity_ - end_ < kFirst / 2) {
      std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == capacity_ && capacity_ < kMost) grow();
    return capacity_ - end_;
  }
  char* room() { return bytes_.get() + end_; }
  void commit(std::size_t count) { end_ += count; }
  // An idle connection keeps no more than it began with.
  void shrink() {
    if (!empty() || capacity_ <= kFirst) return;
    bytes_.reset();
    begin_ = end_ = capacity_ = 0;
  }

 private:
  void grow() {
    const std::size_t capacity = capacity_ == 0 ? kFirst : kMost;
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (end_ > begin_) std::memcpy(bytes.get(), bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }
  std::unique_ptr<char[]> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace claviger::http
