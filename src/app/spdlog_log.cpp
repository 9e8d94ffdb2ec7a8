#include "app/spdlog_log.hpp"

#include <fmt/chrono.h>
#include <spdlog/async.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "base/time.hpp"

namespace claviger::app {

namespace {

// 400 bytes each, whether one waits or not.
constexpr std::size_t kWaitingLines = 2048;
constexpr std::array kLevelNames{"debug", "info", "notice", "warning", "error"};

LogLevel parse_level(const std::string& name) {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (name == kLevelNames[i]) return static_cast<LogLevel>(i);
  }
  return LogLevel::info;
}

// A terminal must not obey what a stranger sent.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

class SpdlogLog final : public Log {
 public:
  SpdlogLog(LogLevel level, bool json) : level_(level), json_(json) {
    // A blocked sink must not block a request: the queue is bounded and drops the oldest.
    pool_ = std::make_shared<spdlog::details::thread_pool>(kWaitingLines, 1);
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    logger_ = std::make_shared<spdlog::async_logger>("claviger", std::move(sink), pool_,
                                                     spdlog::async_overflow_policy::overrun_oldest);
    logger_->set_level(spdlog::level::trace);
    logger_->set_pattern(json ? "%v" : "%H:%M:%S.%e %^%v%$");
    logger_->flush_on(spdlog::level::warn);
  }

  void write(LogLevel level, std::string_view event,
             std::initializer_list<LogField> fields) override {
    if (!shows(level)) return;
    const std::string line = json_ ? to_json(level, event, fields) : to_text(event, fields);
    logger_->log(severity(level), "{}", line);
  }

  bool shows(LogLevel level) const override { return level >= level_; }

  std::uint64_t dropped() const { return pool_->overrun_counter(); }

 private:
  static spdlog::level::level_enum severity(LogLevel level) {
    switch (level) {
      case LogLevel::debug:
        return spdlog::level::debug;
      case LogLevel::info:
      case LogLevel::notice:
        return spdlog::level::info;
      case LogLevel::warning:
        return spdlog::level::warn;
      case LogLevel::error:
        return spdlog::level::err;
    }
    return spdlog::level::err;
  }

  static std::string to_json(LogLevel level, std::string_view event,
                             std::initializer_list<LogField> fields) {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(SystemClock().now());
    boost::json::object line;
    line["ts"] = fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", now);
    line["level"] = kLevelNames[static_cast<std::size_t>(level)];
    line["event"] = event;
    for (const auto& field : fields) line[field.name] = field.value;
    return boost::json::serialize(line);
  }

  static std::string to_text(std::string_view event, std::initializer_list<LogField> fields) {
    std::string line(event);
    for (const auto& field : fields) {
      line += fmt::format("  {}={}", field.name, printable(field.value));
    }
    return line;
  }

  LogLevel level_;
  bool json_;
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> logger_;
};

}  // namespace

std::unique_ptr<Log> make_log(const std::string& level, const std::string& format) {
  const bool json = format == "json" || (format != "text" && ::isatty(STDERR_FILENO) == 0);
  return std::make_unique<SpdlogLog>(parse_level(level), json);
}

std::uint64_t dropped_lines(const Log& log) {
  const auto* queued = dynamic_cast<const SpdlogLog*>(&log);
  return queued == nullptr ? 0 : queued->dropped();
}

}  // namespace claviger::app
