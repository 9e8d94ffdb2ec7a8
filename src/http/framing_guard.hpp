// The judge of a request's head before any handler or body read (RFC9112-6, RFC9112-5). Beast in
// Boost 1.81 accepts requests that lead to smuggling; whatever this refuses ends the connection.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/reason.hpp"

namespace claviger::http {

// The head as the parser saw it, every field in order, and the raw bytes up to and with the empty
// line.
struct Head {
  std::string_view method;
  std::string_view target;
  int version = 11;
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  std::string_view raw;

  // What stands between the request line and the empty line.
  std::string_view lines() const {
    const auto begin = raw.find('\n') + 1;
    return raw.substr(begin, raw.size() - begin - 2);
  }
};

struct Framing {
  bool chunked = false;
  std::size_t content_length = 0;
  bool expects_continue = false;

  bool has_body() const { return chunked || content_length > 0; }
};

struct FramingRefusal {
  unsigned status = 400;  // 400, 413, 414, 415, 417, 431, 501, 505
  Error error;
};

// How the body is framed, or why the request is refused and the connection closed. Of a head that a
// HeadScan has let pass: its bytes are not looked at twice.
std::expected<Framing, FramingRefusal> judge_framing(const Head& head);

// Looks for the empty line that ends a head while its bytes arrive, and refuses at once what no
// parser may interpret for us: bare CR and LF, NUL, folded lines, other versions, too much of
// anything.
class HeadScan {
 public:
  // `bytes`: everything since the request began, more at each call. The size of the head with its
  // empty line; zero: more is needed.
  std::expected<std::size_t, FramingRefusal> look(std::string_view bytes);

 private:
  std::optional<FramingRefusal> end_line(std::string_view line);
  std::expected<std::size_t, FramingRefusal> too_large() const;

  std::size_t seen_ = 0;
  std::size_t line_start_ = 0;
  std::size_t lines_ = 0;
};

// The path and query of a target that judge_framing accepted: of an absolute form, what stands
// behind the authority.
std::string_view origin_form(std::string_view target);

}  // namespace claviger::http
