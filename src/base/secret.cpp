#include "base/secret.hpp"

#include <string.h>

#include <utility>

namespace claviger {

// Wiped before the new value arrives: a reallocation would free the old buffer as it is.
Secret& Secret::operator=(const Secret& other) {
  if (this == &other) return *this;
  wipe();
  value_ = other.value_;
  return *this;
}

// A short text lives inside the string object, and moving it leaves a copy behind.
Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  value_ = std::move(other.value_);
  other.wipe();
  return *this;
}

// The whole capacity, not the size: a moved-from string has size 0 and its old bytes still.
void Secret::wipe() noexcept {
  value_.resize(value_.capacity());
  explicit_bzero(value_.data(), value_.size());
  value_.clear();
}

}  // namespace claviger
