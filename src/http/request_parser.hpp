// One request at a time out of a stream of bytes: Beast reads the grammar, the framing guard judges
// what it read (RFC9112-6). Nothing of Beast shows here, since its headers cost seconds in each
// unit.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/framing_guard.hpp"

namespace claviger::http {

class RequestParser {
 public:
  RequestParser();
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Forgets everything; the next bytes begin a request.
  void start();
  // `bytes`: everything since the request began. The size of its head, or zero: more is needed. The
  // views in head() point into `bytes`.
  std::expected<std::size_t, FramingRefusal> read_head(std::string_view bytes);
  const Head& head() const;
  const Framing& framing() const { return framing_; }
  bool wants_close() const;  // HTTP/1.0, or Connection: close

  // Appends what `bytes`, which follow the head, hold of the body to `body`, at most `limit` bytes
  // in all (413 beyond). How many of them were used.
  std::expected<std::size_t, FramingRefusal> read_body(std::string_view bytes, std::size_t limit,
                                                       std::string& body);
  bool done() const;

 private:
  struct Beast;
  std::unique_ptr<Beast> beast_;
  HeadScan scan_;
  Framing framing_;
};

}  // namespace claviger::http
