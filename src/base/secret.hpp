// A text that must never reach a log: no stream operator, no formatter, no conversion; wiped when
// destroyed.
#pragma once
#include <string>
#include <string_view>

namespace claviger {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view value) : value_(value) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  // The one way to the value; each use is a place to look at in a review.
  std::string_view reveal() const { return value_; }
  bool empty() const { return value_.empty(); }
  std::size_t size() const { return value_.size(); }

 private:
  void wipe() noexcept;
  std::string value_;
};

}  // namespace claviger
