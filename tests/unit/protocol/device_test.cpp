#include "protocol/grants/device.hpp"

#include <set>

#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

Client device_client() {
  auto client = public_client();
  client.grant_types.push_back(GrantType::device_code);
  return client;
}

// DV-01, RFC8628-6.1: letters that make no word, and none of them likelier than another.
TEST(UserCode, DV_01_letters) {
  std::set<char> seen;
  for (int first = 0; first < 256; ++first) {
    Bytes bytes(8, static_cast<std::uint8_t>(first));
    const auto code = user_code_of(bytes);
    EXPECT_EQ(code.has_value(), first < 240) << first;
    if (!code) continue;
    EXPECT_EQ(*code, std::string(8, code->front()));
    seen.insert(code->front());
  }
  EXPECT_EQ(std::string(seen.begin(), seen.end()), "BCDFGHJKLMNPQRSTVWXZ");
  // Bytes that would favour some letters are passed over.
  EXPECT_EQ(user_code_of(Bytes{250, 0, 1, 2, 255, 3, 4, 5, 6, 7}), "BCDFGHJK");
  EXPECT_FALSE(user_code_of(Bytes(7, 0)));
}

// RFC8628-6.1: what a person types is read as it was meant.
TEST(UserCode, is_read_tolerantly) {
  EXPECT_EQ(shown_user_code("WDJBMJHT"), "WDJB-MJHT");
  for (const std::string_view typed :
       {"WDJB-MJHT", "wdjb-mjht", "wdjbmjht", " W D J B  m j h t ", "-WDJBMJHT-"}) {
    EXPECT_EQ(read_user_code(typed), "WDJBMJHT") << typed;
  }
  for (const std::string typed : {"", "WDJB-MJH", "WDJB-MJHTT", "WDJB-MJHA", "WDJB-MJH1",
                                  "WDJB_MJHT", "WDJB\tMJHT", "WDJB\xe2\x80\x90MJHT"}) {
    EXPECT_FALSE(read_user_code(typed)) << typed;
  }
  EXPECT_FALSE(read_user_code(std::string(60, ' ') + "WDJBMJHT"));
}

// RFC8628-3.1, RFC8628-3.2
TEST(DeviceAuthorization, clamps_what_is_asked) {
  const auto client = authenticated(device_client());
  const auto body = form({{"client_id", "demo"}, {"scope", "email nonsense"}});
  const auto plan = plan_device_authorization(body, {}, client, policy());
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->scopes, Scopes{"email"});
  EXPECT_TRUE(plan->resources.empty());
}

// TE-03, TE-04, TE-08
TEST(DeviceAuthorization, spoiled) {
  const auto body = form({{"client_id", "demo"}, {"scope", "email"}});
  struct Row {
    std::string_view id;
    Form body;
    Form query;
    std::string_view outcome;
  };
  const Row rows[] = {
      {"TE-04", plus(body, "scope", "phone"), {}, "token.parameter_repeated"},
      {"TE-03", body, form({{"scope", "phone"}}), "token.parameter_in_query"},
      {"RFC6749-3.3", with(body, "scope", "a\"b"), {}, "scope.malformed"},
      {"RFC8707-2", plus(body, "resource", "https://unknown.example"), {}, "resource.unknown"},
      {"TE-06", plus(body, "more", "than needed"), {}, "ok"},
  };
  const auto client = authenticated(device_client());
  for (const auto& row : rows) {
    EXPECT_EQ(outcome(plan_device_authorization(row.body, row.query, client, policy())),
              row.outcome)
        << row.id;
  }
  const auto other = authenticated(public_client());
  EXPECT_EQ(outcome(plan_device_authorization(body, {}, other, policy())), "gate.grant_type");
}

struct Poll {
  OpaqueToken token;
  std::optional<DeviceCode> code;
  Client client = device_client();
  std::int64_t storage_epoch = kStorageEpoch;
  Time now = kNow;
};

Poll valid_poll() {
  claviger::test::ScriptedRandom random(3);
  Poll poll;
  poll.token = OpaqueToken::make(kNow, random);
  DeviceCode code;
  code.selector = poll.token.selector;
  code.verifier_hash = crypto::sha256(ByteView(poll.token.verifier));
  code.client_id = "demo";
  code.issued_at = kNow;
  code.expires_at = kNow + minutes(10);
  code.storage_epoch = kStorageEpoch;
  poll.code = code;
  return poll;
}

std::string_view judged(const Poll& poll) {
  return outcome(judge_device_poll(poll.token, poll.code, poll.client, poll.now));
}

// DV-05, DV-07, RFC8628-3.5
TEST(DevicePoll, spoiled) {
  struct Row {
    std::string_view id;
    void (*spoil)(Poll&);
    std::string_view outcome;
  };
  const Row rows[] = {
      {"none", [](Poll&) {}, "ok"},
      {"RFC8628-3.4", [](Poll& p) { p.code.reset(); }, "device.code_unknown"},
      {"RFC8628-3.4", [](Poll& p) { p.token.verifier[0] ^= 1; }, "device.code_unknown"},
      {"DV-05", [](Poll& p) { p.client.client_id = "other"; }, "device.code_other_client"},
      {"TE-08", [](Poll& p) { std::erase(p.client.grant_types, GrantType::device_code); },
       "gate.grant_type"},
      {"I7", [](Poll& p) { p.code->of_another_epoch = true; }, "device.code_other_epoch"},
      {"RFC8628-3.4", [](Poll& p) { p.code->redeemed_at = kNow; }, "device.code_used"},
      {"DV-07", [](Poll& p) { p.code->denied_at = kNow; }, "device.denied"},
      {"DV-07", [](Poll& p) { p.now = kNow + minutes(10); }, "device.expired"},
      {"DV-07", [](Poll& p) { p.now = kNow + minutes(10) - 1s; }, "ok"},
  };
  for (const auto& row : rows) {
    auto poll = valid_poll();
    row.spoil(poll);
    EXPECT_EQ(judged(poll), row.outcome) << row.id;
  }
}

TEST(DevicePoll, pending_until_somebody_approved) {
  auto poll = valid_poll();
  const auto state = [&] {
    return judge_device_poll(poll.token, poll.code, poll.client, poll.now);
  };
  EXPECT_EQ(state().value(), DeviceState::pending);
  poll.code->approved.emplace();
  EXPECT_EQ(state().value(), DeviceState::approved);
}

// C8.11: with a refresh token where the client may use one, bound to the session with openid alone.
TEST(DeviceIssue, C8_11_is_issued_like_a_code) {
  auto code = *valid_poll().code;
  auto& approved = code.approved.emplace();
  approved.client_id = "demo";
  approved.sub = user().sub;
  approved.scopes = {"openid", "email"};
  const auto plan = plan_device_issue(code, device_client(), policy(), id(1), id(2), "refresh-1",
                                      kStorageEpoch, kNow);
  EXPECT_EQ(plan.grant.type, GrantType::device_code);
  EXPECT_EQ(plan.grant.sub, user().sub);
  EXPECT_TRUE(plan.grant.session_bound);
  ASSERT_TRUE(plan.family);
  auto never = device_client();
  never.grant_types = {GrantType::device_code};
  EXPECT_FALSE(
      plan_device_issue(code, never, policy(), id(1), id(2), "refresh-1", kStorageEpoch, kNow)
          .family);
}

}  // namespace
}  // namespace claviger::protocol::test
