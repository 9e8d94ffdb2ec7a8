// The request parser and its guard on any bytes. Two properties beyond not crashing: how the
// network cuts the bytes changes nothing, and what is accepted means the same to a second, stricter
// reader.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/request_parser.hpp"

namespace {

using namespace claviger::http;

constexpr std::size_t kLimit = 4096;

struct Outcome {
  enum class End { needs_more, refused, complete } end = End::needs_more;
  unsigned status = 0;
  std::size_t size = 0;  // head and body
  std::size_t head_size = 0;
  bool chunked = false;
  std::string method, target, body;

  bool operator==(const Outcome&) const = default;
};

Outcome refused(const FramingRefusal& refusal) {
  Outcome out;
  out.end = Outcome::End::refused;
  out.status = refusal.status;
  return out;
}

// Reads the bytes in steps of `step`, as a connection would.
Outcome read(std::string_view bytes, std::size_t step) {
  RequestParser parser;
  Outcome out;
  std::size_t seen = 0;
  while (out.head_size == 0) {
    if (seen == bytes.size()) return Outcome{};
    seen = std::min(bytes.size(), seen + step);
    const auto size = parser.read_head(bytes.substr(0, seen));
    if (!size) return refused(size.error());
    out.head_size = *size;
  }
  out.method = parser.head().method;
  out.target = parser.head().target;
  out.chunked = parser.framing().chunked;
  out.size = out.head_size;
  while (parser.framing().has_body() && !parser.done()) {
    const auto used = parser.read_body(bytes.substr(out.size, seen - out.size), kLimit, out.body);
    if (!used) return refused(used.error());
    out.size += *used;
    if (parser.done()) break;
    if (seen == bytes.size()) return Outcome{};
    seen = std::min(bytes.size(), seen + step);
  }
  out.end = Outcome::End::complete;
  return out;
}

void demand(bool truth) {
  if (!truth) std::abort();
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

// The strictest reading of the chunks there is: nothing but size, data and line ends.
std::string plain_chunks(std::string_view bytes, std::size_t& used) {
  std::string body;
  while (true) {
    const auto line = bytes.find("\r\n", used);
    demand(line != std::string_view::npos && line > used && line - used <= 16);
    std::size_t size = 0;
    for (const char c : bytes.substr(used, line - used)) {
      const auto digit = std::string_view("0123456789abcdef").find(lower({&c, 1}));
      demand(digit != std::string_view::npos);
      size = size * 16 + digit;
    }
    used = line + 2;
    demand(bytes.size() - used >= size + 2);
    body += bytes.substr(used, size);
    used += size;
    demand(bytes.substr(used, 2) == "\r\n");
    used += 2;
    if (size == 0) return body;
  }
}

void read_again(std::string_view bytes, const Outcome& accepted) {
  const auto end = bytes.find("\r\n\r\n");
  demand(end != std::string_view::npos && end + 4 == accepted.head_size);
  const auto head = bytes.substr(0, end + 2);
  const auto first = head.substr(0, head.find("\r\n"));
  demand(first == accepted.method + " " + accepted.target + " HTTP/1.1" ||
         first == accepted.method + " " + accepted.target + " HTTP/1.0");
  std::size_t hosts = 0, lengths = 0, codings = 0, length = 0;
  for (auto rest = head.substr(first.size() + 2); !rest.empty();) {
    const auto line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    for (const char c : line) demand(static_cast<unsigned char>(c) >= 0x20 || c == '\t');
    const auto colon = line.find(':');
    demand(colon != std::string_view::npos && colon > 0 && line[colon - 1] != ' ');
    const auto name = lower(line.substr(0, colon));
    hosts += name == "host";
    codings += name == "transfer-encoding";
    if (name == "content-length") {
      ++lengths;
      length = std::stoul(std::string(line.substr(colon + 1)));
    }
  }
  demand(hosts == 1 || first.ends_with("HTTP/1.0"));
  demand(hosts <= 1 && lengths + codings <= 1 && (codings == 1) == accepted.chunked);
  std::size_t used = accepted.head_size;
  if (accepted.chunked) demand(plain_chunks(bytes, used) == accepted.body);
  if (lengths == 1) demand(bytes.substr(used, length) == accepted.body);
  if (!accepted.chunked) used += length;
  demand(used == accepted.size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read(bytes, bytes.size() + 1);
  if (whole.end == Outcome::End::complete) read_again(bytes, whole);
  // Bad chunks may be noticed a few bytes earlier or later, never accepted in one cut alone.
  for (const std::size_t step : {1u, 2u, 7u}) {
    const auto cut = read(bytes, step);
    if (cut.end == Outcome::End::complete || whole.end == Outcome::End::complete)
      demand(cut == whole);
  }
  return 0;
}
