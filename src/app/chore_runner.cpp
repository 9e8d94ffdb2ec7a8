#include "app/chore_runner.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

#include "app/run_inline.hpp"

namespace claviger::app {

namespace {

// One of a chore's rounds after the other.
struct Loop {
  Loop(const Chore& of, Executor executor) : chore(of), pause(executor) {}

  const Chore& chore;
  boost::asio::steady_timer pause;
  std::uint64_t wakes = 0;
};

}  // namespace

struct ChoreRunner::Body {
  Body(Node& node, ChoreOptions options, Executor its_executor)
      : chores(node, std::move(options), system_uptime), executor(its_executor) {
    for (const auto& chore : chores.all()) {
      for (unsigned i = 0; i < chore.at_once; ++i) loops.emplace_back(chore, executor);
    }
  }

  // An empty topic: anything may have been announced.
  void wake(std::string_view topic) {
    for (auto& loop : loops) {
      const bool is_meant = topic.empty() ? !loop.chore.topic.empty() : loop.chore.topic == topic;
      if (!is_meant) continue;
      ++loop.wakes;
      loop.pause.cancel();
    }
  }

  Chores chores;
  Executor executor;
  std::list<Loop> loops;
};

namespace {

Task<void> go_on(std::shared_ptr<ChoreRunner::Body> body, Loop& loop) {
  for (;;) {
    const auto wakes = loop.wakes;
    const auto time = co_await body->chores.run(loop.chore);
    if (wakes != loop.wakes) continue;
    loop.pause.expires_after(time);
    boost::system::error_code ended_early;
    const boost::asio::use_awaitable_t<Executor> token;
    co_await loop.pause.async_wait(boost::asio::redirect_error(token, ended_early));
  }
}

}  // namespace

ChoreRunner::ChoreRunner(Node& node, ChoreOptions options, Executor executor)
    : body_(std::make_shared<Body>(node, std::move(options), executor)) {
  node.store().driver().on_announced(
      [body = std::weak_ptr(body_), &clients = node.store().clients](std::string_view topic) {
        clients.hear(topic);
        const auto runner = body.lock();
        if (!runner) return;
        boost::asio::post(runner->executor,
                          [runner, name = std::string(topic)] { runner->wake(name); });
      });
  for (auto& loop : body_->loops) {
    boost::asio::co_spawn(executor, go_on(body_, loop), boost::asio::detached);
  }
}

ChoreRunner::~ChoreRunner() = default;

void ChoreRunner::leave() { run_inline(body_->chores.leave()); }

}  // namespace claviger::app
