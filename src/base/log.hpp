// Structured log events. A field is text that may be seen by an operator: a Secret has no way in
// here.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

namespace claviger {

enum class LogLevel { debug, info, notice, warning, error };

struct LogField {
  std::string_view name;
  std::string value;
};

class Log {
 public:
  virtual ~Log() = default;
  // `event` is a stable dotted word ("token.issued"). Control characters are escaped by the writer.
  virtual void write(LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields) = 0;
  // Whether anybody sees this level: fields are text that must be made, so ask where every request
  // would make them.
  virtual bool shows(LogLevel /*level*/) const { return true; }
};

}  // namespace claviger
