// The load generator of ./dev bench: sends requests that a file holds, over kept connections, and
// says what came back and when. A closed loop sends the next request when the last is answered;
// with --rate the loop is open: requests have moments at which they are due, and what is late
// counts from there, so that a server that stalls can't hide it. Beside it stands what counts from
// the moment at which the bytes were sent: while all connections are in use, a request waits here.
// With --marks each answer is looked at: is it that of its own request?
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/task.hpp"

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;
using claviger::Executor;
using claviger::Task;
using Clock = std::chrono::steady_clock;
using asio::ip::tcp;
constexpr asio::use_awaitable_t<Executor> kAwait;

struct Options {
  std::string host = "127.0.0.1";
  std::string port;
  std::string requests;  // a file: length (4 bytes, little-endian) and bytes, again and again
  std::string marks;     // a file of lines: what the answer to each request must hold
  std::string save;      // where answers go, one JSON object a line, in the order of the requests
  std::size_t connections = 16;
  double seconds = 0;  // 0: every request once
  double skip = 0;     // of these, at the beginning, no latency is taken
  double rate = 0;     // requests a second; 0: a closed loop
};

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--host") options.host = value;
    if (name == "--port") options.port = value;
    if (name == "--requests") options.requests = value;
    if (name == "--save") options.save = value;
    if (name == "--connections") options.connections = std::stoul(value);
    if (name == "--marks") options.marks = value;
    if (name == "--skip") options.skip = std::stod(value);
    if (name == "--seconds") options.seconds = std::stod(value);
    if (name == "--rate") options.rate = std::stod(value);
  }
  if (options.port.empty() || options.requests.empty())
    throw std::runtime_error("--port and --requests are needed");
  return options;
}

std::vector<std::string> read_requests(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> requests;
  for (std::size_t at = 0; at + 4 <= all.size();) {
    std::uint32_t length = 0;
    for (std::size_t i = 4; i-- > 0;) length = length << 8 | static_cast<std::uint8_t>(all[at + i]);
    requests.push_back(all.substr(at + 4, length));
    at += 4 + length;
  }
  if (requests.empty()) throw std::runtime_error("no requests in " + path);
  return requests;
}

std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

struct Answer {
  unsigned status = 0;  // 0: none came
  Clock::time_point sent;
  bool says_when = false;  // Retry-After
  std::string id;
  std::string location;
  std::string body;
};

struct Run {
  Options options;
  std::vector<std::string> requests;
  std::vector<Answer> answers;  // only with --save
  std::map<unsigned, std::uint64_t> statuses;
  std::vector<std::string> marks;
  std::unordered_set<std::string> ids;
  std::uint64_t wrong =
      0;  // somebody else's answer, or a refusal that doesn't say when to come again
  std::map<unsigned, std::vector<std::uint32_t>> by_status;  // since they were due
  std::map<unsigned, std::vector<std::uint32_t>> since_sent;
  std::map<unsigned, std::uint64_t> in_time;  // of these, what came within --seconds
  std::size_t next = 0;
  Clock::time_point begun;
  Clock::time_point until;

  bool over() const {
    if (options.seconds <= 0) return next >= requests.size();
    return Clock::now() >= until;
  }
  Clock::time_point due(std::size_t n) const {
    if (options.rate <= 0) return Clock::now();
    const std::chrono::duration<double> after(static_cast<double>(n) / options.rate);
    return begun + std::chrono::duration_cast<Clock::duration>(after);
  }
  static std::uint32_t micros(Clock::duration took) {
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  }
  bool is_own(std::size_t n, const Answer& answer);
  void note(std::size_t n, Clock::time_point since, Answer answer) {
    ++statuses[answer.status];
    const auto now = Clock::now();
    const bool counts = now - begun >= std::chrono::duration<double>(options.skip);
    if (answer.status != 0 && counts) {
      by_status[answer.status].push_back(micros(now - since));
      since_sent[answer.status].push_back(micros(now - answer.sent));
      if (now < until) ++in_time[answer.status];
    }
    if (!marks.empty() && answer.status != 0 && !is_own(n, answer)) ++wrong;
    if (!options.save.empty() && n < answers.size()) answers[n] = std::move(answer);
  }
};

bool Run::is_own(std::size_t n, const Answer& answer) {
  if (!ids.insert(answer.id).second) return false;
  if (answer.status == 503) return answer.says_when;
  return answer.status == 200 && answer.body.find(marks[n % marks.size()]) != std::string::npos;
}

class Connection {
 public:
  Connection(Executor executor, const tcp::endpoint& to)
      : socket_(executor), timer_(executor), to_(to) {}

  Task<void> run(Run& run) {
    while (!run.over()) {
      const std::size_t n = run.next++;
      const auto due = run.due(n);
      if (due >= run.until && run.options.seconds > 0) co_return;
      if (due > Clock::now()) {
        timer_.expires_at(due);
        co_await timer_.async_wait(kAwait);
      }
      const bool keep = !run.options.save.empty() || !run.marks.empty();
      auto answer = co_await ask(run.requests[n % run.requests.size()], keep);
      run.note(n, due, std::move(answer));
    }
  }

 private:
  Task<Answer> ask(const std::string& request, bool keep) {
    Answer answer;
    try {
      if (!socket_.is_open()) {
        co_await socket_.async_connect(to_, kAwait);
        socket_.set_option(tcp::no_delay(true));
      }
      answer.sent = Clock::now();
      co_await asio::async_write(socket_, asio::buffer(request), kAwait);
      http::response_parser<http::string_body> parser;
      parser.body_limit(16 << 20);
      co_await http::async_read(socket_, buffer_, parser, kAwait);
      auto& response = parser.get();
      answer.status = response.result_int();
      if (keep) {
        answer.says_when = response.find(http::field::retry_after) != response.end();
        answer.id = std::string(response["X-Request-Id"]);
        answer.location = std::string(response[http::field::location]);
        answer.body = std::move(response.body());
      }
      if (!response.keep_alive()) close();
    } catch (const boost::system::system_error&) {
      close();
    }
    co_return answer;
  }
  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
    buffer_.clear();
  }

  asio::basic_stream_socket<tcp, Executor> socket_;
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor> timer_;
  tcp::endpoint to_;
  boost::beast::flat_buffer buffer_;
};

json::object percentiles(std::vector<std::uint32_t>& micros) {
  std::sort(micros.begin(), micros.end());
  const auto at = [&micros](double part) {
    return micros.empty()
               ? 0
               : micros[static_cast<std::size_t>(part * static_cast<double>(micros.size() - 1))];
  };
  return {{"count", micros.size()}, {"p50_us", at(0.5)},    {"p90_us", at(0.9)},
          {"p99_us", at(0.99)},     {"p999_us", at(0.999)}, {"max_us", at(1.0)}};
}

void save(const Run& run) {
  std::ofstream file(run.options.save, std::ios::binary);
  for (const auto& answer : run.answers) {
    file << json::serialize(json::object{
                {"status", answer.status}, {"location", answer.location}, {"body", answer.body}})
         << '\n';
  }
  if (!file.flush()) throw std::runtime_error("can't write " + run.options.save);
}

void report(Run& run, std::chrono::duration<double> took) {
  json::object statuses;
  json::object latency;
  json::object since_sent;
  json::object in_time;
  for (const auto& [status, count] : run.statuses) statuses[std::to_string(status)] = count;
  for (auto& [status, micros] : run.by_status)
    latency[std::to_string(status)] = percentiles(micros);
  for (auto& [status, micros] : run.since_sent)
    since_sent[std::to_string(status)] = percentiles(micros);
  for (const auto& [status, count] : run.in_time) in_time[std::to_string(status)] = count;
  std::uint64_t total = 0;
  for (const auto& [status, count] : run.statuses) total += count;
  const json::object all{{"requests", total},
                         {"seconds", took.count()},
                         {"per_second", static_cast<double>(total) / took.count()},
                         {"statuses", std::move(statuses)},
                         {"latency", std::move(latency)},
                         {"since_sent", std::move(since_sent)},
                         {"in_time", std::move(in_time)},
                         {"wrong", run.wrong}};
  std::puts(json::serialize(all).c_str());
}

void drive(Options options) {
  Run run;
  run.options = std::move(options);
  run.requests = read_requests(run.options.requests);
  if (!run.options.marks.empty()) run.marks = read_lines(run.options.marks);
  if (!run.options.save.empty()) run.answers.resize(run.requests.size());
  asio::io_context io(1);
  asio::ip::tcp::resolver resolver(io);
  const tcp::endpoint to = resolver.resolve(run.options.host, run.options.port).begin()->endpoint();
  std::vector<std::unique_ptr<Connection>> connections;
  run.begun = Clock::now();
  const std::chrono::duration<double> length(run.options.seconds);
  run.until = run.begun + std::chrono::duration_cast<Clock::duration>(length);
  for (std::size_t i = 0; i < run.options.connections; ++i) {
    connections.push_back(std::make_unique<Connection>(io.get_executor(), to));
    asio::co_spawn(io.get_executor(), connections.back()->run(run), asio::detached);
  }
  io.run();
  report(run, Clock::now() - run.begun);
  if (!run.options.save.empty()) save(run);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    drive(read_options(argc, argv));
    return 0;
  } catch (const std::exception& failure) {
    fmt::print(stderr, "claviger-load: {}\n", failure.what());
    return 1;
  }
}
