// Tells the clients' servers of ended sessions while the server runs: woken when one ended, and
// every few seconds for what another node or an operator left, or what is to be tried again.
#pragma once
#include <memory>

#include "base/task.hpp"
#include "endpoints/deps.hpp"

namespace claviger::app {

class LogoutDelivery {
 public:
  LogoutDelivery(const endpoints::Deps& deps, Executor executor);
  ~LogoutDelivery();
  LogoutDelivery(const LogoutDelivery&) = delete;
  LogoutDelivery& operator=(const LogoutDelivery&) = delete;

  // From any thread; ends the pause.
  std::function<void()> waker() const;

  struct Body;

 private:
  std::shared_ptr<Body> body_;
};

}  // namespace claviger::app
