#include "tests/simulator/cluster.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "tests/simulator/scene.hpp"

namespace claviger::simulator {
namespace {

using namespace std::chrono_literals;

// Who waits longer than this for an answer has given up.
constexpr auto kPatience = 20s;

}  // namespace

void NodeLog::write(LogLevel level, std::string_view event,
                    std::initializer_list<LogField> fields) {
  const bool failed = level == LogLevel::error;
  if (!failed && (!storage_.trace || level < LogLevel::notice)) return;
  std::string text(event);
  for (const auto& field : fields) {
    const bool told = field.name == "what" || field.name == "reason" || field.name == "cause" ||
                      field.name == "endpoint" || field.name == "came";
    if (told) text += fmt::format(" {}={}", field.name, field.value);
  }
  if (failed) last_error = text;
  if (storage_.trace) storage_.trace(fmt::format("node {} log: {}", owner_, text));
}

bool BusyWorker::post(std::move_only_function<void()> job) {
  schedule_.after(schedule_.dice.between(1ms, 30ms), owner_, std::move(job));
  return true;
}

// One life of a node: all that is in memory.
struct Cluster::Running {
  Running(Storage& storage, const config::Settings& settings, const Duration& offset, Owner id,
          endpoints::Fetch fetch)
      : owner(id),
        clock(storage.schedule, offset),
        random(storage.schedule.dice.next()),
        log(storage, id),
        hashing(storage.schedule, id) {
    auto made = std::make_unique<SharedDriver>(storage, id);
    driver = made.get();
    const app::World world{clock, random, log, hashing, std::move(fetch)};
    node = std::make_unique<app::Node>(settings, world, std::move(made), master_key(), kCheapHash);
    driver->go_live();
    if (!storage.faults.chores) return;
    app::ChoreOptions options;
    options.node_name = fmt::format("node-{}", id);
    const auto uptime = [schedule = &storage.schedule] {
      return schedule->now().time_since_epoch();
    };
    chores = std::make_unique<app::Chores>(*node, std::move(options), uptime);
  }

  // What waits for its next round, or for the news that there is something to do.
  struct Nap {
    std::string_view topic;
    Waker<int> waker;
    void end() {
      if (auto wake = std::exchange(waker, nullptr)) wake(0);
    }
  };

  // Its coroutines die before it does.
  void forget() {
    driver->forget();
    for (const auto& nap : naps) nap->waker = nullptr;
  }

  const Owner owner;
  MachineClock clock;
  test::ScriptedRandom random;
  NodeLog log;
  BusyWorker hashing;
  SharedDriver* driver = nullptr;
  std::unique_ptr<app::Node> node;
  std::unique_ptr<app::Chores> chores;
  std::vector<std::shared_ptr<Nap>> naps;
  std::vector<std::move_only_function<void()>> at_its_end;  // who waits for an answer learns it
};

// Somebody waits for one answer, whatever became of the request.
struct Cluster::Call {
  Waker<Answer> waker;
  void settle(Answer answer) {
    if (!waker) return;
    auto wake = std::exchange(waker, nullptr);
    wake(std::move(answer));
  }
};

Cluster::Cluster(Storage& storage, const config::Settings& settings, OnResponse on_response)
    : storage_(storage),
      schedule_(storage.schedule),
      settings_(settings),
      on_response_(std::move(on_response)) {
  storage_.announce = [this](const std::string& topic) { announce(topic); };
  machines_.resize(2 + schedule_.dice.below(2));
  for (auto& machine : machines_) {
    const auto skew = storage_.faults.skew;
    if (skew > 0s) machine.offset = schedule_.dice.between(-skew, skew);
  }
  start_all();
}

Cluster::~Cluster() {
  for (auto& machine : machines_) {
    if (!machine.running) continue;
    machine.running->forget();
    machine.running->at_its_end.clear();
  }
  schedule_.drop_everything();
  schedule_.settle();
}

void Cluster::tell(const std::string& what) {
  if (storage_.trace) storage_.trace(what);
}

bool Cluster::happens(int of_thousand) {
  return of_thousand > 0 && !storage_.calm && schedule_.dice.chance(of_thousand);
}

void Cluster::start(std::size_t which) {
  auto& machine = machines_[which];
  if (machine.running) return;
  const auto owner = ++owners_;
  auto fetch = [this, owner](outbound::Request request) { return call(owner, std::move(request)); };
  machine.running =
      std::make_unique<Running>(storage_, settings_, machine.offset, owner, std::move(fetch));
  tell(fmt::format("machine {} starts node {}", which, owner));
  do_chores(*machine.running);
}

void Cluster::do_chores(Running& running) {
  if (!running.chores) return;
  running.driver->on_announced([&running](std::string_view topic) {
    for (const auto& nap : running.naps) {
      if (nap->topic == topic) nap->end();
    }
  });
  for (const auto& chore : running.chores->all()) {
    for (unsigned i = 0; i < chore.at_once; ++i) {
      boost::asio::co_spawn(schedule_.io(), do_for_ever(running, chore), boost::asio::detached);
    }
  }
}

Task<void> Cluster::do_for_ever(Running& running, const app::Chore& chore) {
  const auto nap = std::make_shared<Running::Nap>(chore.topic);
  running.naps.push_back(nap);
  for (;;) {
    const auto pause = co_await running.chores->run(chore);
    auto begin = [this, nap, pause, owner = running.owner](Waker<int> waker) {
      nap->waker = std::move(waker);
      schedule_.after(std::max<Duration>(pause, 1ms), owner, [nap] { nap->end(); });
    };
    co_await wait_for<int>(std::move(begin));
  }
}

// To every node, some of which don't hear it.
void Cluster::announce(const std::string& topic) {
  for (auto& machine : machines_) {
    auto* running = machine.running.get();
    if (running == nullptr || !running->chores || schedule_.dice.one_in(4)) continue;
    schedule_.after(schedule_.dice.between(1ms, 50ms), running->owner,
                    [driver = running->driver, topic] { driver->hear(topic); });
  }
}

// A client's server, which is slow, or fails, or isn't there.
endpoints::Fetched Cluster::call(Owner owner, outbound::Request request) {
  const auto how_long = schedule_.dice.between(1ms, 300ms);
  auto begin = [this, how_long, owner](Waker<int> waker) {
    schedule_.after(how_long, owner, [waker = std::move(waker)]() mutable { waker(0); });
  };
  co_await wait_for<int>(std::move(begin));
  heard_(request);
  if (schedule_.dice.one_in(6)) co_return std::unexpected(outbound::FetchError::timed_out);
  outbound::Response response;
  response.status = schedule_.dice.one_in(6) ? 500 : 200;
  co_return response;
}

void Cluster::start_all() {
  for (std::size_t i = 0; i < machines_.size(); ++i) start(i);
}

void Cluster::crash(std::size_t which) {
  auto& machine = machines_[which];
  if (!machine.running) return;
  tell(fmt::format("machine {} crashes", which));
  machine.running->forget();
  schedule_.drop(machine.running->owner);
  auto waiting = std::move(machine.running->at_its_end);
  machine.running.reset();
  for (auto& who : waiting) who();
  schedule_.settle();
}

void Cluster::jump_clock(std::size_t which) {
  const auto skew = storage_.faults.skew;
  machines_[which].offset = schedule_.dice.between(-skew, skew);
  tell(fmt::format("the clock of machine {} jumps to {} us", which,
                   machines_[which].offset.count()));
}

void Cluster::break_connections() {
  for (auto& machine : machines_) {
    if (machine.running) machine.running->driver->break_connections();
  }
}

Task<int> Cluster::pause(Duration how_long) {
  auto begin = [this, how_long](Waker<int> waker) {
    schedule_.after(how_long, kWorld, [waker = std::move(waker)]() mutable { waker(0); });
  };
  return wait_for<int>(std::move(begin));
}

Task<Answer> Cluster::send(http::Request request, Servings servings) {
  if (!servings) servings = std::make_shared<std::vector<Serving>>();
  auto begin = [this, asked = std::move(request), servings](Waker<Answer> waker) mutable {
    const auto call = std::make_shared<Call>(std::move(waker));
    auto& dice = schedule_.dice;
    schedule_.after(kPatience, kWorld, [call] { call->settle(std::nullopt); });
    const auto first = dice.below(size());
    if (happens(storage_.faults.delivered_twice)) {
      const auto second = dice.one_in(2) ? first : dice.below(size());
      const auto later = dice.one_in(2) ? dice.between(0s, 20ms) : dice.between(0s, 4s);
      schedule_.after(later, kWorld, [this, second, call, servings, asked]() mutable {
        arrive(second, std::move(asked), call, servings);
      });
    }
    if (happens(storage_.faults.request_lost)) return tell("a request is lost: " + asked.path);
    schedule_.after(dice.between(50us, 3ms), kWorld,
                    [this, first, call, servings, asked = std::move(asked)]() mutable {
                      arrive(first, std::move(asked), call, servings);
                    });
  };
  return wait_for<Answer>(std::move(begin));
}

void Cluster::arrive(std::size_t machine, http::Request request, std::shared_ptr<Call> call,
                     Servings servings) {
  auto* running = machines_[machine].running.get();
  if (running == nullptr) return call->settle(std::nullopt);  // nobody listens there
  const auto number = servings->size();
  auto& serving = servings->emplace_back();
  serving.began = schedule_.tick();
  serving.began_at = schedule_.now();
  ++operations_;
  tell(fmt::format("node {} gets {} {}", running->owner, request.method_text, request.path));
  running->at_its_end.push_back([call] { call->settle(std::nullopt); });
  auto done = [this, running, call, servings, number, request](std::exception_ptr failed,
                                                               http::Response response) {
    auto& mine = (*servings)[number];
    mine.ended = schedule_.tick();
    mine.ended_at = schedule_.now();
    mine.response = response;
    if (failed) response.status = 599;
    served(request, response, *running);
    if (happens(storage_.faults.answer_lost)) return tell("its answer is lost");
    schedule_.after(schedule_.dice.between(50us, 3ms), kWorld,
                    [call, response = std::move(response)] { call->settle(response); });
  };
  boost::asio::co_spawn(schedule_.io(), running->node->router().serve(request), std::move(done));
}

void Cluster::served(const http::Request& request, const http::Response& response, Running& by) {
  const auto* reason = response.refusal ? response.refusal->reason : nullptr;
  tell(fmt::format("node {} answers {} {}: {} {}", by.owner, request.method_text, request.path,
                   response.status, reason ? reason->id : ""));
  on_response_(request, response, by.log.last_error);
}

Task<Cluster::Operated> Cluster::operate(std::string operation, boost::json::object arguments) {
  auto begin = [this, operation, arguments](Waker<Operated> waker) mutable {
    auto* running = machines_[schedule_.dice.below(size())].running.get();
    using Waiting = std::shared_ptr<Waker<Operated>>;
    const Waiting waiting = std::make_shared<Waker<Operated>>(std::move(waker));
    const auto settle = [waiting](Operated with) {
      if (auto wake = std::exchange(*waiting, nullptr)) wake(std::move(with));
    };
    if (running == nullptr) return settle(std::nullopt);
    ++operations_;
    tell(fmt::format("node {} is told: {}", running->owner, operation));
    running->at_its_end.push_back([settle] { settle(std::nullopt); });
    auto done = [this, settle, operation](std::exception_ptr failed,
                                          Result<boost::json::object> answer) {
      tell(fmt::format("{}: {}", operation, !failed && answer ? "done" : "failed"));
      if (failed || !answer) return settle(std::nullopt);
      settle(std::move(answer));
    };
    boost::asio::co_spawn(schedule_.io(),
                          running->node->operations().call(operation, std::move(arguments)),
                          std::move(done));
  };
  return wait_for<Operated>(std::move(begin));
}

}  // namespace claviger::simulator
