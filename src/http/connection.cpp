#include "http/connection.hpp"

#include <functional>

#include "base/reasons/http.hpp"

namespace claviger::http {
namespace {

constexpr std::chrono::milliseconds kLinger{2000};
constexpr std::chrono::milliseconds kLastMoment{1000};
constexpr std::size_t kLingerBytes = 4 * 1024 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(Shard& shard, const ConnectionRules& rules, Stream stream, Peer peer)
    : shard_(shard),
      rules_(rules),
      stream_(std::move(stream)),
      peer_(std::move(peer)),
      phase_began_(std::chrono::steady_clock::now()),
      deadline_(phase_began_ + rules.options.header_deadline),
      end_of_life_(phase_began_ + rules.options.connection_lifetime),
      place_(shard.enter(*this)) {
  shard_.set_idle(place_, true);
}

Connection::~Connection() { shard_.leave(place_); }

void Connection::enter(Phase phase, std::chrono::milliseconds allowed) {
  phase_ = phase;
  phase_began_ = std::chrono::steady_clock::now();
  deadline_ = phase_began_ + allowed;
  shard_.set_idle(place_, phase == Phase::idle);
}

void Connection::expire(Instant now) {
  if (closed_ || now < deadline_) return;
  switch (phase_) {
    case Phase::head:
    case Phase::body:
      expired_ = true;
      return stream_.cancel();
    case Phase::handler:
      return abandon_handler();
    case Phase::write:
      rules_.log.write(LogLevel::info, "http.reader_too_slow", {{"peer", peer_.address}});
      return cut();
    case Phase::handshake:
    case Phase::idle:
    case Phase::linger:
      return cut();
  }
}

// The handler can't be interrupted (what it queued must run to its end), so the answer is given
// over its head. Nothing else is being written at this moment.
void Connection::abandon_handler() {
  rules_.metrics.handlers_abandoned.add();
  rules_.log.write(LogLevel::warning, "http.handler_too_slow", {{"request_id", request_id_}});
  stream_.write_now(closing_503(request_id_));
  stream_.finish_sending();
  closed_ = true;
}

void Connection::drain() {
  // A request that is already here was accepted and will be answered; so is one that was read a
  // moment ago and waits to be looked at, which is why a read is cancelled and not cut.
  if (phase_ != Phase::idle || stream_.has_input()) return;
  if (reading_) return stream_.cancel();
  cut();
}

void Connection::cut() {
  closed_ = true;
  stream_.close();
}

Task<void> Connection::run() {
  bool more = true;
  if (stream_.is_tls()) more = co_await shake_hands();
  // The head is awaited here and not in serve_one(), whose frame holds a request and its answer:
  // 1.6 of the 7.2 kB that a connection without a request would cost.
  while (more) {
    parser_.start();
    waited_ = {};
    more = co_await read_head();
    if (more)
      more = co_await serve_one();
    else if (refusal_)
      co_await send_refusal_of_head();
  }
  if (answered_ && !closed_) co_await linger();
  cut();
}

// A drain in between means that the request behind the handshake is the last one; and whoever has
// just shaken hands sends it now or never.
Task<bool> Connection::shake_hands() {
  enter(Phase::handshake, rules_.options.handshake_deadline);
  const bool understood = co_await stream_.handshake();
  if (!understood || closed_) co_return false;
  enter(Phase::idle, rules_.draining ? kLastMoment : rules_.options.header_deadline);
  co_return true;
}

Task<bool> Connection::serve_one() {
  Request request = describe_request();
  buffer_.consume(head_size_);
  request_id_ = request.id;
  Sending sending{.head_only = request.method == Method::head};
  bool unread = false;
  if (parser_.framing().has_body() && !co_await accept_body(request, unread)) {
    if (refusal_) co_await send_refusal(std::move(request));
    co_return false;
  }
  Response response;
  if (came_too_late(request)) {
    response = co_await turn_away(request.id);
  } else {
    enter(Phase::handler, rules_.options.handler_deadline);
    response = co_await rules_.router.serve(std::move(request));
  }
  ++served_;
  sending.close = unread || rules_.draining || parser_.wants_close() ||
                  served_ >= rules_.options.max_requests_per_connection ||
                  phase_began_ >= end_of_life_;
  const bool sent = co_await send(response, sending);
  co_return sent && !sending.close;
}

// Nothing was begun for it yet: the one moment at which to turn somebody away costs next to nothing
// (10 us instead of 60 for a token).
bool Connection::came_too_late(const Request& request) const {
  const auto longest = rules_.options.longest_wait;
  if (longest.count() == 0 || waited_ <= longest) return false;
  const auto patience = rules_.router.patience(request.method_text, request.path);
  return patience > 0 && waited_ > longest * patience;
}

Task<Response> Connection::turn_away(std::string request_id) {
  shard_.count_shed(Instant::clock::now());
  rules_.metrics.requests_shed.add();
  enter(Phase::handler, rules_.options.handler_deadline);
  // Between half of the pause and one and a half, so that they don't come back together.
  const auto pause = rules_.options.pause_before_busy;
  const auto share = std::hash<std::string>{}(request_id) % 1024;
  co_await shard_.pause(pause / 2 + pause * share / 1024);
  co_return busy_response(request_id);
}

// Reads once into the buffer. False: the input ended, or a deadline passed.
Task<bool> Connection::read_more() {
  if (closed_ || expired_) co_return false;
  const auto room = buffer_.make_room();
  if (room == 0) co_return false;
  reading_ = true;
  const auto count = co_await stream_.read_some(buffer_.room(), room);
  reading_ = false;
  if (phase_ == Phase::idle &&
      shard_.sheds(Instant::clock::now(), rules_.options.behind_before_shedding))
    waited_ = stream_.unread_for();
  if (count == 0 || closed_ || expired_) co_return false;
  buffer_.commit(count);
  co_return true;
}

Task<bool> Connection::read_head() {
  while (true) {
    if (!buffer_.empty()) {
      auto size = parser_.read_head(buffer_.view());
      if (!size) refusal_ = std::move(size.error());
      if (!size) co_return false;
      head_size_ = *size;
      if (head_size_ > 0) co_return true;
      if (phase_ != Phase::head) enter(Phase::head, rules_.options.header_deadline);
    } else if (served_ > 0 && phase_ != Phase::idle) {
      if (rules_.draining) co_return false;
      buffer_.let_go();
      enter(Phase::idle, rules_.options.idle_deadline);
      deadline_ = std::min(deadline_, std::max(end_of_life_, phase_began_));
    }
    if (!co_await read_more()) co_return input_ended();
  }
}

// Always false: what there is to say about it is in refusal_.
bool Connection::input_ended() {
  const bool idle = buffer_.empty() && phase_ == Phase::idle;
  if (idle && rules_.draining) closed_ = true;  // nobody waits for an answer here
  if (closed_ || idle) return false;
  if (expired_)
    refusal_ = FramingRefusal{408, refuse(reason::http_too_slow)};
  else
    refusal_ = FramingRefusal{400, refuse(reason::http_truncated)};
  return false;
}

// Decides about the body before a byte of it is read (HT-12). False: refused. `unread`: nobody will
// look at it, so that the connection can't be used any further.
Task<bool> Connection::accept_body(Request& request, bool& unread) {
  const auto& framing = parser_.framing();
  const auto limit = rules_.router.body_limit(request.method_text, request.path);
  unread = !limit.has_value();
  if (unread) co_return true;
  if (*limit == 0) {
    refusal_ = FramingRefusal{400, refuse(reason::http_unexpected_body, "no body")};
    co_return false;
  }
  if (framing.content_length <= *limit && framing.expects_continue) {
    const bool told = co_await stream_.write_all(kContinue);
    if (!told) co_return false;
  }
  co_return co_await read_body(request.body, *limit);
}

Task<bool> Connection::read_body(std::string& body, std::size_t limit) {
  while (true) {
    auto used = parser_.read_body(buffer_.view(), limit, body);
    if (!used) refusal_ = std::move(used.error());
    if (!used) co_return false;
    buffer_.consume(*used);
    if (parser_.done()) co_return true;
    if (phase_ != Phase::body) enter(Phase::body, rules_.options.body_deadline);
    if (!co_await read_more()) co_return input_ended();
  }
}

// No coroutine: the request would stand in the frame of who awaits it.
Task<void> Connection::send_refusal_of_head() { return send_refusal(describe_refused()); }

Task<void> Connection::send_refusal(Request request) {
  auto refusal = std::move(*refusal_);
  refusal_.reset();
  const bool head_only = request.method == Method::head;
  const Response response =
      rules_.router.refuse(std::move(request), refusal.status, std::move(refusal.error));
  expired_ = false;
  const Sending sending{.close = true, .head_only = head_only};
  co_await send(response, sending);
}

Task<bool> Connection::send(const Response& response, Sending sending) {
  if (closed_) co_return false;
  out_ = shard_.take_output();
  out_.clear();
  append_response(out_, response, sending, rules_.clock.now());
  enter(Phase::write, rules_.options.write_deadline);
  answered_ = true;
  // Nearly always everything at once, and then without a coroutine.
  const auto written = stream_.write_now(out_);
  bool sent = written == out_.size();
  if (!sent) sent = co_await stream_.write_all(std::string_view(out_).substr(written));
  shard_.keep_output(std::exchange(out_, {}));
  co_return sent && !closed_;
}

// Closing with unread input makes the kernel send a reset, which may overtake the answer: so the
// end is announced, and what still comes is thrown away for a moment (RFC9112-9.6).
Task<void> Connection::linger() {
  enter(Phase::linger, kLinger);
  stream_.finish_sending();
  buffer_.consume(buffer_.view().size());
  for (std::size_t total = 0; total < kLingerBytes && !closed_;) {
    const auto room = buffer_.make_room();
    const auto count = co_await stream_.read_some(buffer_.room(), room);
    if (count == 0) break;
    total += count;
  }
}

Request Connection::describe_peer() const {
  Request request;
  request.method_text.clear();
  request.method = Method::other;
  request.path.clear();
  request.peer = peer_.address;
  request.client_ip = peer_.address;
  request.peer_is_loopback = peer_.loopback;
  request.over_unix_socket = peer_.over_unix_socket;
  request.peer_uid = peer_.uid;
  request.arrived = rules_.clock.now();
  return request;
}

// Of a head that was refused nothing is believed, except that HEAD must not be answered by a body.
Request Connection::describe_refused() const {
  Request request = describe_peer();
  if (parser_.head().method != "HEAD") return request;
  request.method = Method::head;
  request.method_text = "HEAD";
  return request;
}

Request Connection::describe_request() const {
  const Head& head = parser_.head();
  Request request = describe_peer();
  request.id = rules_.router.new_request_id();
  request.method_text = head.method;
  request.method = parse_method(head.method);
  request.target = head.target;
  const auto target = origin_form(head.target);
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  request.headers = Headers(head.lines(), head.fields);
  if (!rules_.proxies.empty())
    request.client_ip = rules_.proxies.client_of(peer_.address, request.headers);
  return request;
}

}  // namespace claviger::http
