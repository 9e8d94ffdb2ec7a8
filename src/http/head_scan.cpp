#include <algorithm>

#include "base/limits.hpp"
#include "base/reasons/http.hpp"
#include "http/framing_guard.hpp"

namespace claviger::http {
namespace {

// With the longest method and version that may stand around a target.
constexpr std::size_t kRequestLineBytes = limits::kTargetBytes + 33;
static_assert(kRequestLineBytes < limits::kHeaderBytes);

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

std::expected<std::size_t, FramingRefusal> HeadScan::too_large() const {
  if (lines_ == 0) return refused_with(414, reason::http_target_too_long);
  return refused_with(431, reason::http_header_too_large);
}

std::optional<FramingRefusal> HeadScan::end_line(std::string_view line) {
  if (lines_ == 0) return judge_request_line(line);
  if (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
    return FramingRefusal{400, refuse(reason::http_folded_field)};
  if (!line.empty() && lines_ > limits::kHeaderFields)
    return FramingRefusal{431, refuse(reason::http_header_too_large)};
  return std::nullopt;
}

// A line at a time and by memchr: byte by byte this was a third of what a request cost.
std::expected<std::size_t, FramingRefusal> HeadScan::look(std::string_view bytes) {
  while (true) {
    const auto open = bytes.substr(0, lines_ == 0 ? kRequestLineBytes : limits::kHeaderBytes);
    const auto cr = open.find('\r', seen_);
    const auto text = open.substr(seen_, cr - seen_);
    if (text.contains('\n') || text.contains('\0'))
      return refused_with(400, reason::http_line_ending);
    if (cr >= open.size() - 1) {
      if (open.size() < bytes.size()) return too_large();
      // Whether a carriage return at the end is alone, the next bytes say.
      seen_ = std::min(cr, open.size());
      return 0;
    }
    if (open[cr + 1] != '\n') return refused_with(400, reason::http_line_ending);
    const auto line = open.substr(line_start_, cr - line_start_);
    seen_ = line_start_ = cr + 2;
    if (auto refusal = end_line(line)) return std::unexpected(std::move(*refusal));
    if (line.empty()) return seen_;
    ++lines_;
  }
}

}  // namespace claviger::http
