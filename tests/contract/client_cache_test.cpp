// Clients are kept in memory: what is found there is the row as it is now.
#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>

#include "tests/support/store_fixture.hpp"
#include "tests/support/store_verbs.hpp"

namespace claviger::test {
namespace {

// Counts what is read, and lets something happen between a read and its answer. To the store it is
// a database of its own.
class LateDriver final : public store::sql::Driver {
 public:
  LateDriver(std::unique_ptr<store::sql::Driver> inner, bool shared)
      : inner_(std::move(inner)), shared_(shared) {}
  bool is_shared() const override { return shared_; }

  Task<std::vector<store::sql::Row>> read(store::sql::Statement statement) override {
    ++reads;
    auto rows = co_await inner_->read(std::move(statement));
    if (const auto happens = std::exchange(meanwhile, {})) happens();
    co_return rows;
  }
  Task<store::sql::OperationResult> commit(store::sql::Operation operation) override {
    auto results = co_await inner_->commit(std::move(operation));
    if (loses_answers) throw store::Unavailable("nobody knows");
    co_return results;
  }
  std::int64_t storage_epoch() const override { return inner_->storage_epoch(); }

  std::size_t reads = 0;
  std::function<void()> meanwhile;
  bool loses_answers = false;

 private:
  std::unique_ptr<store::sql::Driver> inner_;
  const bool shared_;
};

class ClientCacheContract : public StoreTest {
 protected:
  void SetUp() override { open_late(); }
  void open_late(bool shared = false) {
    open([this, shared](auto inner) {
      auto late = std::make_unique<LateDriver>(std::move(inner), shared);
      driver_ = late.get();
      return late;
    });
  }
  SharedClient found(std::string id = "shop") {
    return run_task(store().clients.find(std::move(id)));
  }
  std::size_t reads_of(const std::function<void()>& work) {
    const auto before = driver_->reads;
    work();
    return driver_->reads - before;
  }

  LateDriver* driver_ = nullptr;
};
CLAVIGER_ON_EVERY_ENGINE(ClientCacheContract);

TEST_P(ClientCacheContract, a_client_is_read_once) {
  run_task(store().clients.add(a_client()));
  EXPECT_EQ(reads_of([&] { EXPECT_TRUE(found()); }), 1u);
  EXPECT_EQ(reads_of([&] { EXPECT_TRUE(found()); }), 0u);
  EXPECT_EQ(found().get(), found().get());
}

std::string told(const Client& client) {
  std::string all = fmt::format("{} {} {} {} {} {}", client.client_id, client.name, client.disabled,
                                client.epoch, client.version, client.secret_kid);
  if (client.first_used_at) all += fmt::format(" used {}", to_micros(*client.first_used_at));
  return all;
}

// Every verb that there is, whatever it is about: afterwards nothing is found that is not so.
TEST_P(ClientCacheContract, no_verb_leaves_an_old_record_behind) {
  std::set<std::string> changes;
  for (const auto& verb : all_verbs()) {
    for (const bool answered : {true, false}) {
      if (!answered && !verb.name.starts_with("Clients::")) continue;
      reset_database();
      open_late();
      VerbScene scene{&store(), &random};
      scene.arrange();
      if (verb.prepare) verb.prepare(scene);
      const auto before = run_task(store().clients.list("", 100));
      for (const auto& client : before) ASSERT_TRUE(found(client.client_id));
      driver_->loses_answers = !answered;
      try {
        verb.winner(scene);
      } catch (const store::Unavailable&) {
      }
      driver_->loses_answers = false;
      std::map<std::string, std::string> now;
      for (const auto& client : run_task(store().clients.list("", 100))) {
        now[client.client_id] = told(client);
      }
      for (const auto& client : before) {
        const auto kept = found(client.client_id);
        EXPECT_EQ(kept ? told(*kept) : "", now[client.client_id]) << verb.name << answered;
        if (now[client.client_id] != told(client)) changes.insert(verb.name);
      }
    }
  }
  // All of these were really put to the test.
  const std::set<std::string> expected{"Clients::mark_used",    "Clients::purge_unused",
                                       "Clients::remove",       "Clients::rotate_secret",
                                       "Clients::set_disabled", "Clients::update"};
  EXPECT_EQ(changes, expected);
}

TEST_P(ClientCacheContract, what_was_read_before_a_change_is_not_kept) {
  run_task(store().clients.add(a_client()));
  driver_->meanwhile = [&] { run_task(store().clients.set_disabled("shop", true, kNow)); };
  EXPECT_FALSE(found()->disabled);  // as it was when this was asked
  EXPECT_TRUE(found()->disabled);
}

TEST_P(ClientCacheContract, invented_ids_push_nobody_out) {
  run_task(store().clients.add(a_client()));
  ASSERT_TRUE(found());
  for (int i = 0; i < 3000; ++i) ASSERT_FALSE(found(fmt::format("nobody-{}", i)));
  EXPECT_EQ(reads_of([&] { EXPECT_TRUE(found()); }), 0u);
}

// What decides whether anything is issued says which row it saw.
TEST_P(ClientCacheContract, a_record_of_another_version_is_read_again) {
  run_task(store().clients.add(a_client()));
  const auto kept = found();
  // As another node would: this one hears nothing of it.
  execute({"UPDATE clients SET disabled = 1, epoch = epoch + 1, version = version + 1", {}});
  ASSERT_FALSE(found()->disabled);
  const auto standing = run_task(store().standings.find("alice-sub", "shop", Id()));
  EXPECT_TRUE(standing.client->disabled);
  EXPECT_EQ(standing.client->epoch, kept->epoch + 1);
}

// /authorize issues as well: a code, or tokens themselves.
TEST_P(ClientCacheContract, whoever_is_found_now_is_as_another_node_left_it) {
  open_late(true);
  store().clients.hear("");
  run_task(store().clients.add(a_client()));
  ASSERT_TRUE(found());
  execute({"UPDATE clients SET disabled = 1, epoch = epoch + 1, version = version + 1", {}});
  EXPECT_TRUE(run_task(store().clients.find_now("shop"))->disabled);
  execute({"DELETE FROM clients", {}});
  EXPECT_FALSE(run_task(store().clients.find_now("shop")));
}

TEST(ClientCache, what_is_not_heard_of_is_not_believed) {
  store::ClientCache cache(true);
  const auto client = std::make_shared<const Client>(a_client());
  cache.put(client, cache.moment());
  EXPECT_FALSE(cache.find("shop"));
  cache.listens();
  EXPECT_TRUE(cache.find("shop"));
  // An announcement may be lost.
  auto long_ago = cache.moment();
  long_ago.time -= store::ClientCache::kBelieved + std::chrono::milliseconds(1);
  cache.put(client, long_ago);
  EXPECT_FALSE(cache.find("shop"));
}

}  // namespace
}  // namespace claviger::test
