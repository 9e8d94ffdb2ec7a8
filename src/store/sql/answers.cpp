#include "store/sql/answers.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>

namespace claviger::store::sql {
namespace {

// One that throws takes nothing from those behind it.
void resume_all(const Executor& executor, std::vector<Answers::Resume> waiting) {
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    try {
      waiting[i]();
    } catch (...) {
      std::vector<Answers::Resume> rest;
      std::move(waiting.begin() + static_cast<std::ptrdiff_t>(i) + 1, waiting.end(),
                std::back_inserter(rest));
      boost::asio::post(executor, [executor, rest = std::move(rest)]() mutable {
        resume_all(executor, std::move(rest));
      });
      throw;
    }
  }
}

}  // namespace

void Answers::add(const Executor& executor, Resume resume) {
  auto group = std::ranges::find(groups_, executor, &Group::executor);
  if (group == groups_.end()) group = groups_.insert(groups_.end(), Group{executor, {}});
  group->waiting.push_back(std::move(resume));
}

void Answers::send() {
  for (auto& group : groups_) {
    const std::lock_guard inside(*door_);
    const auto& executor = group.executor;
    boost::asio::post(executor,
                      [executor, door = door_, waiting = std::move(group.waiting)]() mutable {
                        std::unique_lock(*door).unlock();
                        resume_all(executor, std::move(waiting));
                      });
  }
  groups_.clear();
}

}  // namespace claviger::store::sql
