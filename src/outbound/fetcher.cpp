#include "outbound/fetcher.hpp"

#include <signal.h>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <new>
#include <thread>
#include <unordered_map>

#include "outbound/transfer.hpp"

namespace claviger::outbound {
namespace {

// Strangers' documents are wanted rarely; a crowd is an attack, and it shall not queue up here.
constexpr std::size_t kMaxUnderWay = 256;
constexpr long kMaxConnectionsPerHost = 2;
constexpr long kMaxConnections = 64;
constexpr int kPollMilliseconds = 1000;

struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

CURLM* new_multi() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* multi = ready == CURLE_OK ? curl_multi_init() : nullptr;
  if (!multi) throw std::bad_alloc();
  return multi;
}

}  // namespace

std::string_view to_string(FetchError error) {
  switch (error) {
    case FetchError::bad_url:
      return "bad_url";
    case FetchError::address_refused:
      return "address_refused";
    case FetchError::unreachable:
      return "unreachable";
    case FetchError::timed_out:
      return "timed_out";
    case FetchError::too_large:
      return "too_large";
    case FetchError::protocol:
      return "protocol";
  }
  return "protocol";
}

struct Fetcher::Body {
  explicit Body(Policy p) : policy(std::move(p)), multi(new_multi()) {
    curl_multi_setopt(multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS, kMaxConnectionsPerHost);
    curl_multi_setopt(multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, kMaxConnections);
    thread = std::thread([this] { run(); });
  }

  ~Body() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    curl_multi_wakeup(multi.get());
    thread.join();
  }

  // From any thread.
  void submit(Request request, Completion completion) {
    std::unique_lock lock(mutex);
    if (stopping || count >= kMaxUnderWay) {
      lock.unlock();
      return completion(std::unexpected(FetchError::unreachable));
    }
    ++count;
    waiting.emplace_back(std::move(request), std::move(completion));
    lock.unlock();
    curl_multi_wakeup(multi.get());
  }

  void run() {
    // Signals belong to whoever waits for them; a broken pipe is an error code here.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    while (take_waiting()) {
      int running = 0;
      curl_multi_perform(multi.get(), &running);
      collect();
      curl_multi_poll(multi.get(), nullptr, 0, kPollMilliseconds, nullptr);
    }
    for (auto& [easy, transfer] : under_way) {
      curl_multi_remove_handle(multi.get(), easy);
      transfer->fail(FetchError::unreachable);
    }
    under_way.clear();
  }

  // Begins what was asked for since the last time. False: it is time to end.
  bool take_waiting() {
    std::vector<std::pair<Request, Completion>> taken;
    bool ending = false;
    {
      const std::lock_guard lock(mutex);
      taken.swap(waiting);
      ending = stopping;
    }
    for (auto& [request, completion] : taken) {
      if (ending) {
        completion(std::unexpected(FetchError::unreachable));
      } else {
        begin(std::move(request), std::move(completion));
      }
    }
    return !ending;
  }

  void begin(Request request, Completion completion) {
    auto transfer = std::make_unique<Transfer>(policy, std::move(request), std::move(completion));
    if (!transfer->prepare()) {
      transfer->fail(FetchError::bad_url);
      return ended();
    }
    CURL* easy = transfer->handle();
    if (curl_multi_add_handle(multi.get(), easy) != CURLM_OK) throw std::bad_alloc();
    under_way.emplace(easy, std::move(transfer));
  }

  void collect() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;
      curl_multi_remove_handle(multi.get(), easy);
      const auto found = under_way.find(easy);
      found->second->finish(code);
      under_way.erase(found);
      ended();
    }
  }

  void ended() {
    const std::lock_guard lock(mutex);
    --count;
  }

  const Policy policy;
  std::unique_ptr<CURLM, FreeMulti> multi;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> under_way;  // the thread's alone

  std::mutex mutex;
  bool stopping = false;
  std::size_t count = 0;
  std::vector<std::pair<Request, Completion>> waiting;
  std::thread thread;
};

Fetcher::Fetcher(Policy policy) : body_(std::make_unique<Body>(std::move(policy))) {}
Fetcher::~Fetcher() = default;

Task<std::expected<Response, FetchError>> Fetcher::fetch(Request request) {
  auto start = [this](auto handler, Request wanted) {
    auto executor = boost::asio::get_associated_executor(handler);
    body_->submit(std::move(wanted), [executor, h = std::move(handler)](Outcome outcome) mutable {
      boost::asio::post(executor, [h = std::move(h), o = std::move(outcome)]() mutable {
        std::move(h)(std::move(o));
      });
    });
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>,
                                                 void(Outcome)>(
      start, boost::asio::use_awaitable_t<Executor>{}, std::move(request));
}

}  // namespace claviger::outbound
