#include "tests/simulator/history.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>

#include "tests/simulator/visitor.hpp"

namespace claviger::simulator {
namespace {

using namespace std::chrono_literals;

// More events than any history has that ends.
constexpr int kMany = 200'000;

class History {
 public:
  History(std::uint64_t seed, bool traced, const Break* broken)
      : schedule_(seed),
        faults_(draw_faults(schedule_.dice)),
        storage_{scene().database, schedule_, faults_, broken, {}, false} {
    if (traced) storage_.trace = [this](const std::string& what) { note(what); };
    scene().database.begin_history();
    cluster_.emplace(storage_, scene().settings,
                     [this](const auto& request, const auto& response, const auto& cause) {
                       oracle_.note_response(request, response, cause);
                     });
    cluster_->on_call([this](const auto& request) { oracle_.note_call(request); });
  }
  ~History() {
    cluster_.reset();
    scene().database.end_history();
  }
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  Told run() {
    for (const auto& person : scene().people) {
      for (const char* client : {kShop, kApp}) oracle_.allow(person.sub, client);
    }
    auto& people = scene().people;
    const auto how_many = 1 + schedule_.dice.below(people.size() - 1);
    for (std::size_t i = 0; i < how_many; ++i) {
      visitors_.push_back(std::make_unique<Visitor>(*cluster_, schedule_, oracle_, people[i]));
    }
    arrange_misfortunes();
    for (const auto& visitor : visitors_) spawn(visitor->live());
    finish("live");
    storage_.calm = true;
    cluster_->start_all();
    for (const auto& visitor : visitors_) spawn(visitor->look_back());
    finish("look back");
    oracle_.judge();
    return {oracle_.violations(), std::move(trace_), cluster_->operations()};
  }

 private:
  void note(const std::string& what) {
    if (!storage_.trace) return;
    const auto since = schedule_.now() - kBeginning;
    trace_.push_back(
        fmt::format("{:10.3f} ms  {}", static_cast<double>(since.count()) / 1000, what));
  }

  void spawn(Task<void> task) {
    ++alive_;
    boost::asio::co_spawn(schedule_.io(), std::move(task), [this](std::exception_ptr failed) {
      --alive_;
      if (!failed) return;
      try {
        std::rethrow_exception(failed);
      } catch (const std::exception& error) {
        oracle_.fail(fmt::format("a visitor stumbled: {}", error.what()));
      }
    });
    schedule_.settle();
  }

  void finish(const char* what) {
    for (int i = 0; i < kMany && alive_ > 0; ++i) {
      if (!schedule_.step()) break;
    }
    if (alive_ > 0) oracle_.fail(fmt::format("they never ended to {}", what));
  }

  void arrange_misfortunes() {
    auto& dice = schedule_.dice;
    if (faults_.failover) fail_over();
    for (int i = 0; i < faults_.crashes; ++i) {
      const auto which = dice.below(cluster_->size());
      const auto when = dice.between(0s, dice.one_in(2) ? 1s : 15s);
      const auto down = dice.between(1ms, 4s);
      schedule_.after(when, kWorld, [this, which] { cluster_->crash(which); });
      schedule_.after(when + down, kWorld, [this, which] { cluster_->start(which); });
    }
    for (int i = 0; i < faults_.clock_jumps; ++i) {
      const auto which = dice.below(cluster_->size());
      schedule_.after(dice.between(0s, 15s), kWorld,
                      [this, which] { cluster_->jump_clock(which); });
    }
  }

  // A standby that was behind takes over, as the next storage epoch.
  void fail_over() {
    auto& dice = schedule_.dice;
    schedule_.after(dice.between(0s, 8s), kWorld, [this, lag = dice.between(1ms, 6s)] {
      scene().database.keep_state();
      storage_.kept_at = schedule_.tick();
      note("a standby hears no more");
      schedule_.after(lag, kWorld, [this] {
        scene().database.return_to_kept_state();
        const auto now = to_micros(schedule_.now());
        scene().database.execute(
            fmt::format("UPDATE store SET storage_epoch = storage_epoch + 1, epoch_since = {}", now)
                .c_str());
        storage_.failed_over_at = schedule_.tick();
        cluster_->break_connections();
        note("the standby takes over");
      });
    });
  }

  Schedule schedule_;
  const Faults faults_;
  Storage storage_;
  std::vector<std::string> trace_;
  Oracle oracle_{storage_, schedule_};
  std::optional<Cluster> cluster_;
  std::vector<std::unique_ptr<Visitor>> visitors_;
  int alive_ = 0;
};

}  // namespace

Told run_history(std::uint64_t seed, bool traced, const Break* broken) {
  History history(seed, traced, broken);
  return history.run();
}

}  // namespace claviger::simulator
