#include "http/request_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include "base/limits.hpp"
#include "base/reasons/http.hpp"

namespace claviger::http {
namespace {

namespace beast = boost::beast;
using BeastError = beast::error_code;

// A chunk's size line, with the line end of the chunk before it, fits well into this.
constexpr std::size_t kChunkLineBytes = 32;
constexpr std::size_t kChunkSizeDigits = 16;
// `0 CR LF CR LF`: a body that is not complete has at least that to come. Fed with less of a first
// chunk that is also the last, Beast 1.81 runs into an assertion of its own.
constexpr std::size_t kLastChunkBytes = 5;

class Parser final : public beast::http::basic_parser<true> {
 public:
  Parser(Head& head, const Reason*& refusal) : head_(head), refusal_(refusal) {
    header_limit(static_cast<std::uint32_t>(limits::kHeaderBytes + 1));
    body_limit(boost::none);  // known only when the route is
  }
  void collect(std::string& body) { body_ = &body; }
  void reading(std::string_view bytes) { bytes_ = bytes; }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                       int version, BeastError&) override {
    head_.method = {method.data(), method.size()};
    head_.target = {target.data(), target.size()};
    head_.version = version;
  }
  void on_response_impl(int, beast::string_view, int, BeastError&) override {}
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                     BeastError& error) override {
    // Fields behind the body would be merged with those that were judged.
    if (body_ != nullptr) return stop(reason::http_trailer, error);
    head_.fields.emplace_back(std::string_view(name.data(), name.size()),
                              std::string_view(value.data(), value.size()));
  }
  void on_header_impl(BeastError&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, BeastError&) override {}
  std::size_t on_body_impl(beast::string_view bytes, BeastError&) override {
    body_->append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view extensions,
                            BeastError& error) override {
    // The extensions begin where the size ends. A size of more digits than a number has would be
    // read differently if the network cut it in two (see kChunkLineBytes).
    const auto digits =
        bytes_.substr(0, static_cast<std::size_t>(extensions.data() - bytes_.data()));
    const auto start = digits.find_last_not_of("0123456789abcdefABCDEF") + 1;
    if (!extensions.empty() || digits.size() - start > kChunkSizeDigits)
      stop(reason::http_chunk, error);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, BeastError&) override {
    body_->append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_finish_impl(BeastError&) override {}

  void stop(const Reason& reason, BeastError& error) {
    refusal_ = &reason;
    error = beast::http::make_error_code(beast::http::error::bad_value);
  }

  Head& head_;
  const Reason*& refusal_;
  std::string* body_ = nullptr;
  std::string_view bytes_;
};

bool has_bare_line_feed(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')) return true;
  return false;
}

}  // namespace

struct RequestParser::Beast {
  Head head;
  const Reason* refusal = nullptr;
  std::optional<Parser> parser;
};

RequestParser::RequestParser() : beast_(std::make_unique<Beast>()) {
  beast_->head.fields.reserve(16);
  start();
}
RequestParser::~RequestParser() = default;

void RequestParser::start() {
  auto fields = std::move(beast_->head.fields);
  fields.clear();
  beast_->head = Head{};
  beast_->head.fields = std::move(fields);
  beast_->refusal = nullptr;
  beast_->parser.emplace(beast_->head, beast_->refusal);
  scan_ = HeadScan();
  framing_ = Framing();
}

std::expected<std::size_t, FramingRefusal> RequestParser::read_head(std::string_view bytes) {
  const auto size = scan_.look(bytes);
  if (!size || *size == 0) return size;
  const auto raw = bytes.substr(0, *size);
  BeastError error;
  const auto used = beast_->parser->put(boost::asio::buffer(raw.data(), raw.size()), error);
  if (error || used != raw.size() || !beast_->parser->is_header_done())
    return std::unexpected(
        FramingRefusal{400, refuse(reason::http_malformed, {}, error ? error.message() : "")});
  beast_->head.raw = raw;
  auto framing = judge_framing(beast_->head);
  if (!framing) return std::unexpected(std::move(framing.error()));
  // What Beast will do with the bytes that follow must be what the guard understood.
  if (beast_->parser->chunked() != framing->chunked ||
      beast_->parser->content_length().value_or(0) != framing->content_length)
    return std::unexpected(FramingRefusal{400, refuse(reason::http_malformed)});
  framing_ = *framing;
  return *size;
}

const Head& RequestParser::head() const { return beast_->head; }

bool RequestParser::wants_close() const {
  return beast_->head.version < 11 || !beast_->parser->keep_alive();
}

std::expected<std::size_t, FramingRefusal> RequestParser::read_body(std::string_view bytes,
                                                                    std::size_t limit,
                                                                    std::string& body) {
  const auto too_large = [limit] {
    auto most = "at most " + std::to_string(limit) + " bytes";
    return std::unexpected(
        FramingRefusal{413, refuse(reason::http_payload_too_large, std::move(most))});
  };
  if (framing_.content_length > limit) return too_large();
  if (body.capacity() < framing_.content_length) body.reserve(framing_.content_length);
  auto& parser = *beast_->parser;
  parser.collect(body);
  parser.eager(true);
  std::size_t used = 0;
  BeastError error;
  while (used < bytes.size() && !parser.is_done() && !error) {
    const auto rest = bytes.substr(used);
    if (framing_.chunked && rest.size() < kLastChunkBytes) return used;
    parser.reading(rest);
    used += parser.put(boost::asio::buffer(rest.data(), rest.size()), error);
    if (body.size() > limit) return too_large();
  }
  if (!error) return used;
  if (error != beast::http::error::need_more) {
    const auto& reason = beast_->refusal ? *beast_->refusal : reason::http_chunk;
    return std::unexpected(FramingRefusal{400, refuse(reason, {}, error.message())});
  }
  // Beast would wait for the end of a size line of any length.
  const auto line = bytes.substr(used);
  if (line.size() > kChunkLineBytes || has_bare_line_feed(line))
    return std::unexpected(FramingRefusal{400, refuse(reason::http_chunk)});
  return used;
}

bool RequestParser::done() const { return beast_->parser->is_done(); }

}  // namespace claviger::http
