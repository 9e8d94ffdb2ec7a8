// The bytes that came and are not used yet, in one piece of memory that grows as they do.
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
  // What an idle connection waits with: most requests, with their token. With nothing at all it
  // would have to ask for readiness first: an epoll_ctl and an epoll_wait more for each request.
  static constexpr std::size_t kIdle = 1024;
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
    const bool full = end_ == capacity_ && capacity_ < kMost;
    if (full || (was_full_ && capacity_ < kFirst)) grow();
    return capacity_ - end_;
  }
  char* room() { return bytes_.get() + end_; }
  void commit(std::size_t count) {
    end_ += count;
    was_full_ = end_ == capacity_;
  }
  // For an idle connection: 3 of the 10 KiB that each of them cost.
  void let_go() {
    if (!empty() || capacity_ <= kIdle) return;
    bytes_.reset();
    begin_ = end_ = capacity_ = 0;
  }

 private:
  void grow() {
    const std::size_t capacity = capacity_ == 0 ? kIdle : capacity_ < kFirst ? kFirst : kMost;
    was_full_ = false;
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
  bool was_full_ = false;
};

}  // namespace claviger::http
