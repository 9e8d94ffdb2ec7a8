#include "tests/simulator/cluster.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>

#include "tests/simulator/scene.hpp"

namespace claviger::simulator {
namespace {

using namespace std::chrono_literals;

// Who waits longer than this for an answer has given up.
constexpr auto kPatience = 20s;

endpoints::Fetched nobody_answers(outbound::Request) {
  co_return std::unexpected(outbound::FetchError::unreachable);
}

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
  Running(Storage& storage, const config::Settings& settings, const Duration& offset, Owner id)
      : owner(id),
        clock(storage.schedule, offset),
        random(storage.schedule.dice.next()),
        log(storage, id),
        hashing(storage.schedule, id) {
    auto made = std::make_unique<SharedDriver>(storage, id);
    driver = made.get();
    const app::World world{clock, random, log, hashing, nobody_answers};
    node = std::make_unique<app::Node>(settings, world, std::move(made), master_key(), kCheapHash);
    driver->go_live();
  }

  const Owner owner;
  MachineClock clock;
  test::ScriptedRandom random;
  NodeLog log;
  BusyWorker hashing;
  SharedDriver* driver = nullptr;
  std::unique_ptr<app::Node> node;
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
  machines_.resize(2 + schedule_.dice.below(2));
  for (auto& machine : machines_) {
    const auto skew = storage_.faults.skew;
    if (skew > 0s) machine.offset = schedule_.dice.between(-skew, skew);
  }
  start_all();
}

Cluster::~Cluster() {
  for (auto& machine : machines_) {
    if (machine.running) machine.running->driver->forget();
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
  machine.running = std::make_unique<Running>(storage_, settings_, machine.offset, ++owners_);
  tell(fmt::format("machine {} starts node {}", which, owners_));
}

void Cluster::start_all() {
  for (std::size_t i = 0; i < machines_.size(); ++i) start(i);
}

void Cluster::crash(std::size_t which) {
  auto& machine = machines_[which];
  if (!machine.running) return;
  tell(fmt::format("machine {} crashes", which));
  machine.running->driver->forget();
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
