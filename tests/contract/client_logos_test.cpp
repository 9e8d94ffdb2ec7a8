// Logos: one for each client, gone with it.
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

store::ClientLogo a_logo(std::string client_id, Bytes image) {
  return {std::move(client_id), "image/png", std::move(image), kNow};
}

class ClientLogosContract : public StoreTest {
 protected:
  std::optional<store::ClientLogo> find(const std::string& id) {
    return run_task(store().client_logos.find(id));
  }
};
CLAVIGER_ON_EVERY_ENGINE(ClientLogosContract);

TEST_P(ClientLogosContract, the_latest_replaces_the_one_before) {
  run_task(store().clients.add(a_client()));
  EXPECT_FALSE(find("shop"));
  run_task(store().client_logos.put(a_logo("shop", {1, 2})));
  run_task(store().client_logos.put(a_logo("shop", {0, 255, 3})));
  const auto logo = find("shop");
  ASSERT_TRUE(logo);
  EXPECT_EQ(logo->image, (Bytes{0, 255, 3}));
  EXPECT_EQ(logo->content_type, "image/png");
  EXPECT_EQ(logo->fetched_at, kNow);
  run_task(store().client_logos.remove("shop"));
  EXPECT_FALSE(find("shop"));
}

TEST_P(ClientLogosContract, none_without_a_client) {
  run_task(store().client_logos.put(a_logo("nobody", {1})));
  EXPECT_FALSE(find("nobody"));
  run_task(store().clients.add(a_client()));
  run_task(store().client_logos.put(a_logo("shop", {1})));
  run_task(store().clients.remove("shop"));
  EXPECT_FALSE(find("shop"));
}

// DC-07: what the purge takes away leaves nothing behind.
TEST_P(ClientLogosContract, DC_07_purged_with_the_client) {
  auto client = a_client();
  client.registered_by = RegisteredBy::self;
  run_task(store().clients.add(client));
  run_task(store().client_logos.put(a_logo("shop", {1})));
  run_task(store().clients.purge_unused(kNow + hours(1), 10));
  run_task(store().clients.add(client));
  EXPECT_FALSE(find("shop"));
}

}  // namespace
}  // namespace claviger::test
