// Other threads for hashing than the inline ones of a site: what is asked of them, and what happens
// when they have no time.
#pragma once
#include "endpoints/deps.hpp"

namespace claviger::test {

// Counts what is asked of it: the cause of the time, not the time.
class CountingWorker final : public Worker {
 public:
  bool post(std::move_only_function<void()> job) override {
    ++jobs;
    job();
    return true;
  }
  int jobs = 0;
};

class FullWorker final : public Worker {
 public:
  bool post(std::move_only_function<void()>) override { return false; }
};

// The same node, but for who hashes.
inline endpoints::Deps with_hashing(const endpoints::Deps& d, Worker& hashing) {
  return {.store = d.store,
          .keys = d.keys,
          .master = d.master,
          .client_keys = d.client_keys,
          .known_tokens = d.known_tokens,
          .fetch = d.fetch,
          .hashing = hashing,
          .pages = d.pages,
          .refusals = d.refusals,
          .client_failures = d.client_failures,
          .clock = d.clock,
          .random = d.random,
          .log = d.log,
          .policy = d.policy,
          .login_policy = d.login_policy,
          .session_policy = d.session_policy,
          .cookies = d.cookies,
          .quickstart = d.quickstart,
          .password_cost = d.password_cost,
          .signing_alg = d.signing_alg,
          .registration_open = d.registration_open,
          .loopback_issuer = d.loopback_issuer};
}

}  // namespace claviger::test
