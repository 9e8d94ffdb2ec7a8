// An operator's office over a real database in a temporary folder, on one thread.
#pragma once
#include <gtest/gtest.h>

#include "admin/operations.hpp"
#include "tests/support/fixed_clock.hpp"
#include "tests/support/records.hpp"
#include "tests/support/store_fixture.hpp"

namespace claviger::admin::test {

using claviger::test::run_task;

inline crypto::SealingKey master_key(std::uint8_t filled_with = 7) {
  const Bytes bytes(32, filled_with);
  return *crypto::SealingKey::from_bytes(bytes);
}

// Argon2id at its floor: tests hash, they don't defend.
inline constexpr crypto::PasswordCost kCheap{1, 8 * 1024};

class Office : public testing::Test {
 protected:
  Office() {
    policy.issuer = "http://localhost:2003";
    policy.scopes = {"username", "email"};
    store = std::make_unique<store::Store>(database_.open(log), random);
    // RSA keys are slow to make: every test gets the same ones.
    static const std::vector<ServerKey> made = [this] {
      run_task(ensure_keys(*store, master, {"ES256"}, clock, random));
      return run_task(store->server_keys.all());
    }();
    if (run_task(store->server_keys.all()).empty()) {
      run_task(store->server_keys.rotate(made, clock.now()));
    }
    keys.replace(run_task(load_key_ring(*store, master)));
    operations = std::make_unique<Operations>(Deps{.store = *store,
                                                   .keys = keys,
                                                   .master = master,
                                                   .hashing = worker,
                                                   .password_cost = kCheap,
                                                   .policy = policy,
                                                   .signing_alg = "ES256",
                                                   .publish_ahead = std::chrono::hours(24),
                                                   .refusals = &refusals,
                                                   .clock = clock,
                                                   .random = random});
  }

  Result<boost::json::object> call(const std::string& operation,
                                   const boost::json::object& arguments) {
    return run_task(operations->call(operation, arguments));
  }
  boost::json::object ok(const std::string& operation, const boost::json::object& arguments) {
    auto result = call(operation, arguments);
    if (result) return std::move(*result);
    ADD_FAILURE() << operation << ": " << result.error().reason->id << " "
                  << result.error().expected << " " << result.error().came;
    return {};
  }
  // The id of the refusal's reason; empty when it was allowed.
  std::string_view refusal(const std::string& operation, const boost::json::object& arguments) {
    const auto result = call(operation, arguments);
    return result ? std::string_view() : result.error().reason->id;
  }

 private:
  claviger::test::SqliteDatabase database_;

 protected:
  claviger::test::KeptLog log;
  claviger::test::ScriptedRandom random;
  claviger::test::FixedClock clock;
  crypto::SealingKey master = master_key();
  InlineWorker worker;
  crypto::Keys keys;
  Refusals refusals;
  protocol::Policy policy;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Operations> operations;
};

inline std::string text(const boost::json::object& object, std::string_view name) {
  const auto& value = object.at(name).as_string();
  return {value.data(), value.size()};
}

}  // namespace claviger::admin::test
