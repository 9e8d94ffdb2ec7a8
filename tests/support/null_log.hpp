// A log that keeps what was written, for tests that look, and shows nothing.
#pragma once
#include <mutex>
#include <string>
#include <vector>

#include "base/log.hpp"

namespace claviger::test {

class KeptLog final : public Log {
 public:
  struct Entry {
    LogLevel level;
    std::string event;
    std::vector<std::pair<std::string, std::string>> fields;
  };
  void write(LogLevel level, std::string_view event,
             std::initializer_list<LogField> fields) override {
    const std::lock_guard lock(mutex_);
    Entry entry{level, std::string(event), {}};
    for (const auto& field : fields) entry.fields.emplace_back(field.name, field.value);
    entries_.push_back(std::move(entry));
  }
  std::vector<Entry> entries() const {
    const std::lock_guard lock(mutex_);
    return entries_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace claviger::test
