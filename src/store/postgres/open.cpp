#include "store/postgres/open.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <thread>

#include "store/postgres/inbox.hpp"
#include "store/postgres/listener.hpp"
#include "store/postgres/reader_pool.hpp"
#include "store/postgres/writer.hpp"

namespace claviger::store {
namespace {

using namespace postgres;

constexpr auto kToken = boost::asio::use_awaitable_t<Executor>{};

LinkOptions link_options(const PostgresOptions& options, bool read_only) {
  LinkOptions result;
  result.url = options.url;
  result.read_only = read_only;
  result.answer_timeout = options.answer_timeout;
  return result;
}

class PostgresDriver final : public sql::Driver {
 public:
  PostgresDriver(const PostgresOptions& options, std::int64_t storage_epoch, Log& log)
      : storage_epoch_(storage_epoch),
        capacity_(options.queue),
        metrics_(options.metrics),
        writer_(io_.get_executor(), link_options(options, false), statements_, door_, *metrics_,
                log),
        readers_(io_.get_executor(), link_options(options, true), options.readers, statements_,
                 door_, *metrics_, log),
        writes_(io_.get_executor(), [this](auto jobs) { writer_.take(std::move(jobs)); }),
        reads_(io_.get_executor(), [this](auto jobs) { readers_.take(std::move(jobs)); }),
        listener_(io_.get_executor(), link_options(options, true), statements_, log),
        thread_([this] {
          writer_.on_connected([this] { readers_.server_is_there(); });
          writer_.start();
          io_.run();
        }) {}

  ~PostgresDriver() override {
    boost::asio::post(io_, [this] {
      writer_.finish();
      readers_.finish();
      listener_.finish();
      keep_running_.reset();
    });
    thread_.join();
  }

  Task<std::vector<sql::Row>> read(sql::Statement statement) override {
    const Place place(*this);
    auto start = [this](auto handler, sql::Statement taken) {
      reads_.put({std::move(taken), resuming<ReaderPool::Answer>(std::move(handler))});
    };
    auto answer = co_await boost::asio::async_initiate<decltype(kToken), void(ReaderPool::Answer)>(
        start, kToken, std::move(statement));
    if (!answer) fail(answer.error());
    co_return std::move(*answer);
  }

  Task<sql::OperationResult> commit(sql::Operation operation) override {
    const Place place(*this);
    auto start = [this](auto handler, sql::Operation taken) {
      writes_.put({std::move(taken), resuming<Writer::Answer>(std::move(handler))});
    };
    auto answer = co_await boost::asio::async_initiate<decltype(kToken), void(Writer::Answer)>(
        start, kToken, std::move(operation));
    if (!answer) fail(answer.error());
    co_return std::move(*answer);
  }

  std::int64_t storage_epoch() const override {
    const auto heard = writer_.storage_epoch();
    return heard != 0 ? heard : storage_epoch_;
  }
  bool writable() const override { return writer_.writable(); }
  bool is_shared() const override { return true; }

  Task<std::optional<Time>> clock() override {
    sql::Statement question{"SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint", {}};
    const auto rows = co_await read(std::move(question));
    co_return from_micros(rows.at(0).integer(0));
  }

  // Behind whatever waits to be written: what it is about was committed before.
  void announce(std::string_view topic) override {
    Driver::announce(topic);
    writes_.put({notice_of(topic), [](const Writer::Answer&, sql::Answers&) {}});
  }
  void on_announced(Announced announced) override {
    Driver::on_announced(std::move(announced));
    boost::asio::post(io_, [this] {
      listener_.start([this](std::string_view topic) { Driver::announce(topic); });
    });
  }

 private:
  // Counted, so that a server that is away does not fill the memory with requests. Whoever waits
  // when its io_context is destroyed may outlive the driver: the count does too.
  class Place {
   public:
    explicit Place(PostgresDriver& driver) : taken_(driver.taken_) {
      if (taken_->fetch_add(1) < driver.capacity_) return;
      taken_->fetch_sub(1);
      driver.metrics_->writes_shed.add();
      throw Unavailable("too many requests wait for the database");
    }
    ~Place() { taken_->fetch_sub(1); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    const std::shared_ptr<std::atomic<std::size_t>> taken_;
  };

  // Resumes the caller where it waited, never on the driver's thread.
  template <class Answer, class Handler>
  static auto resuming(Handler handler) {
    auto executor = boost::asio::get_associated_executor(handler);
    return [executor, handler = std::move(handler)](Answer answer, sql::Answers& answers) mutable {
      answers.add(executor, [handler = std::move(handler), answer = std::move(answer)]() mutable {
        std::move(handler)(std::move(answer));
      });
    };
  }

  [[noreturn]] static void fail(const Failure& failure) {
    if (failure.our_fault) throw std::logic_error(failure.sentence);
    throw Unavailable(failure.sentence);
  }

  const std::int64_t storage_epoch_;
  const std::size_t capacity_;
  const std::shared_ptr<Metrics> metrics_;
  const std::shared_ptr<std::atomic<std::size_t>> taken_ =
      std::make_shared<std::atomic<std::size_t>>(0);
  const sql::Door door_ = std::make_shared<std::mutex>();
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<Executor> keep_running_{io_.get_executor()};
  Statements statements_;
  Writer writer_;
  ReaderPool readers_;
  Inbox<Writer::Pending> writes_;
  Inbox<ReaderPool::Pending> reads_;
  Listener listener_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<sql::Driver> open_postgres(const PostgresOptions& options, Log& log) {
  try {
    const auto state = bring_schema_up_to_date(options.url);
    if (state.is_newer()) {
      log.write(LogLevel::notice, "store.newer_schema",
                {{"schema", std::to_string(state.found)},
                 {"known", std::to_string(state.newest)},
                 {"compatible_from", std::to_string(state.compatible_from)}});
    }
    return std::make_unique<PostgresDriver>(options, state.storage_epoch, log);
  } catch (const LinkLost& error) {
    throw std::runtime_error(error.what());
  }
}

}  // namespace claviger::store
