#include "base/limits.hpp"
#include "base/reasons/http.hpp"
#include "http/framing_guard.hpp"

namespace claviger::http {
namespace {

// The longest method and version that may stand around a target of kTargetBytes.
constexpr std::size_t kAroundTarget = 32;

std::unexpected<FramingRefusal> refused_with(unsigned status, const Reason& reason) {
  return std::unexpected(FramingRefusal{status, refuse(reason)});
}

std::optional<FramingRefusal> judge_request_line(std::string_view line) {
  const auto space = line.rfind(' ');
  const auto version =
      space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return std::nullopt;
  // `PRI * HTTP/2.0` begins HTTP/2; a line without a version was HTTP/0.9.
  if (version.starts_with("HTTP/"))
    return FramingRefusal{505, refuse(reason::http_version, "HTTP/1.1")};
  return FramingRefusal{400, refuse(reason::http_malformed, "method target HTTP/1.1")};
}

}  // namespace

std::optional<FramingRefusal> HeadScan::end_line(std::string_view line) {
  if (lines_ == 0) return judge_request_line(line);
  if (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
    return FramingRefusal{400, refuse(reason::http_folded_field)};
  if (!line.empty() && lines_ > limits::kHeaderFields)
    return FramingRefusal{431, refuse(reason::http_header_too_large)};
  return std::nullopt;
}

std::expected<std::size_t, FramingRefusal> HeadScan::look(std::string_view bytes) {
  for (; seen_ < bytes.size(); ++seen_) {
    if (lines_ == 0 && seen_ > limits::kTargetBytes + kAroundTarget)
      return refused_with(414, reason::http_target_too_long);
    if (seen_ >= limits::kHeaderBytes) return refused_with(431, reason::http_header_too_large);
    const char c = bytes[seen_];
    const bool after_cr = seen_ > line_start_ && bytes[seen_ - 1] == '\r';
    if (c == '\0' || after_cr != (c == '\n')) return refused_with(400, reason::http_line_ending);
    if (c != '\n') continue;
    const auto line = bytes.substr(line_start_, seen_ - 1 - line_start_);
    if (auto refusal = end_line(line)) return std::unexpected(std::move(*refusal));
    if (line.empty()) return ++seen_;
    ++lines_;
    line_start_ = seen_ + 1;
  }
  return 0;
}

}  // namespace claviger::http
