#include "protocol/grants/refresh_token.hpp"

#include "base/base64url.hpp"
#include "crypto/jws.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

constexpr std::int64_t kCounter = 5;

Policy offering() {
  auto with = policy();
  with.scopes.emplace_back("offline_access");
  return with;
}

// The live token of a family whose last rotation was three seconds ago.
struct Presented {
  RefreshClaims token{id(52), kCounter};
  std::optional<RefreshFamily> family = RefreshFamily{};
  std::optional<Grant> grant = Grant{};
  Client client = confidential_client();
  StorageEpoch epoch{kStorageEpoch, {}};
  Duration clock_spread{};
  Time now = kNow;

  Presented() {
    grant->id = id(51);
    grant->client_id = "demo";
    family->id = id(52);
    family->grant = id(51);
    family->counter = kCounter;
    family->rotated_at = kNow - 3s;
    family->mac_kid = "refresh-1";
    family->storage_epoch = kStorageEpoch;
    family->idle_expires_at = kNow + hours(24);
    family->expires_at = kNow + hours(48);
  }

  // The family is of the time before.
  void restored(Time at) { epoch = {kStorageEpoch + 1, at}; }

  RefreshStep decide() const {
    return decide_refresh(token, family ? &*family : nullptr, grant ? &*grant : nullptr,
                          authenticated(client), offering(), {now, epoch, clock_spread});
  }
};

std::string name_of(const RefreshStep& step) {
  struct Names {
    std::string operator()(const Rotate& s) const { return "rotate " + std::to_string(s.from); }
    std::string operator()(const Repeat& s) const {
      return "repeat " + std::to_string(s.successor);
    }
    std::string operator()(const FastForward& s) const { return "forward " + std::to_string(s.to); }
    std::string operator()(const EndFamily& s) const {
      return "end " + std::string(s.error.reason->id);
    }
    std::string operator()(const Refuse& s) const {
      return "refuse " + std::string(s.error.reason->id);
    }
  };
  return std::visit(Names{}, step);
}

struct Row {
  std::string_view id;
  void (*spoil)(Presented&);
  std::string_view step;
};

constexpr Row kRows[] = {
    {"the live token", [](Presented&) {}, "rotate 5"},
    {"RT-02 a retry within the grace", [](Presented& p) { p.token.n = 4; }, "repeat 5"},
    {"RT-12 a fapi2 client keeps its token",
     [](Presented& p) { p.client.profile = Profile::fapi2; }, "repeat 5"},
    {"RT-11 offline_access is still the client's",
     [](Presented& p) { p.grant->scopes = {"offline_access"}; }, "rotate 5"},
    {"RT-11 offline_access was taken from the client",
     [](Presented& p) {
       p.grant->scopes = {"offline_access"};
       p.client.scopes = {"email"};
     },
     "refuse refresh.offline_gone"},
    {"RT-02 a retry at the border of the grace",
     [](Presented& p) {
       p.token.n = 4;
       p.now = p.family->rotated_at + 10s;
     },
     "repeat 5"},
    {"T-30 a retry behind the grace, at a node whose clock is ahead by as much",
     [](Presented& p) {
       p.token.n = 4;
       p.family->rotated_at = kNow - 13s;
       p.clock_spread = 3s;
     },
     "repeat 5"},
    {"RT-01 a retry behind the grace",
     [](Presented& p) {
       p.token.n = 4;
       p.now = p.family->rotated_at + 10s + 1us;
     },
     "end refresh.late_retry"},
    {"RT-02 a public client's grace is shorter: at its border",
     [](Presented& p) {
       p.client = public_client();
       p.token.n = 4;
       p.now = p.family->rotated_at + 5s;
     },
     "repeat 5"},
    {"RT-01 a public client's grace is shorter: behind it",
     [](Presented& p) {
       p.client = public_client();
       p.token.n = 4;
       p.now = p.family->rotated_at + 5s + 1us;
     },
     "end refresh.late_retry"},
    {"RT-01 an older token", [](Presented& p) { p.token.n = 3; }, "end refresh.reuse"},
    {"RT-01 the first token", [](Presented& p) { p.token.n = 1; }, "end refresh.reuse"},
    {"the next token, same epoch", [](Presented& p) { p.token.n = 6; }, "end refresh.from_future"},
    {"the next token, after a restore",
     [](Presented& p) {
       p.token.n = 6;
       p.restored(kNow - hours(24) + 1us);
     },
     "forward 6"},
    {"the next token, a day after a restore",
     [](Presented& p) {
       p.token.n = 6;
       p.restored(kNow - hours(24));
     },
     "end refresh.lost_in_restore"},
    {"two ahead, after a restore",
     [](Presented& p) {
       p.token.n = 7;
       p.restored(kNow);
     },
     "end refresh.lost_in_restore"},
    {"the live token, after a restore", [](Presented& p) { p.restored(kNow); }, "rotate 5"},
    {"an older token, after a restore",
     [](Presented& p) {
       p.token.n = 3;
       p.restored(kNow);
     },
     "end refresh.reuse"},
    {"revoked", [](Presented& p) { p.grant->revoked_at = kNow; }, "refuse refresh.revoked"},
    {"RT-08 idle", [](Presented& p) { p.family->idle_expires_at = kNow; },
     "refuse refresh.expired"},
    {"RT-08 absolute", [](Presented& p) { p.family->expires_at = kNow; }, "refuse refresh.expired"},
    {"RT-04 another client", [](Presented& p) { p.client.client_id = "other"; },
     "refuse refresh.other_client"},
    {"RT-04 another client shows an old token and ends nothing",
     [](Presented& p) {
       p.client.client_id = "other";
       p.token.n = 1;
     },
     "refuse refresh.other_client"},
    {"unknown family", [](Presented& p) { p.family.reset(); }, "refuse refresh.unknown"},
    {"unknown grant", [](Presented& p) { p.grant.reset(); }, "refuse refresh.unknown"},
    {"another family's row", [](Presented& p) { p.token.family = id(99); },
     "refuse refresh.unknown"},
    {"another grant's row", [](Presented& p) { p.grant->id = id(99); }, "refuse refresh.unknown"},
    {"RT-03 clock set back",
     [](Presented& p) {
       p.token.n = 3;
       p.now = kNow - hours(1);
     },
     "end refresh.reuse"},
};

// RFC6749-6, RFC9700-4.14.2, OAUTH21-4.3.3
TEST(DecideRefresh, the_whole_table) {
  for (const auto& row : kRows) {
    Presented presented;
    row.spoil(presented);
    EXPECT_EQ(name_of(presented.decide()), row.step) << row.id;
  }
}

TEST(DecideRefresh, what_ends_a_family_is_told_apart_in_the_log) {
  Presented late;
  late.token.n = 4;
  late.now = kNow + hours(1);
  Presented old;
  old.token.n = 3;
  EXPECT_EQ(std::get<EndFamily>(late.decide()).because, "refresh_stale");
  EXPECT_EQ(std::get<EndFamily>(old.decide()).because, "refresh_reuse");
  EXPECT_EQ(std::get<EndFamily>(old.decide()).error.code(), ErrorCode::invalid_grant);
}

TEST(NarrowScope, may_narrow_and_never_add) {
  const Scopes granted{"email", "username"};
  EXPECT_EQ(narrow_scope(granted, {}, confidential_client(), policy()), granted);
  EXPECT_EQ(narrow_scope(granted, Scopes{"username"}, confidential_client(), policy()),
            Scopes{"username"});
  const auto wider =
      narrow_scope(granted, Scopes{"username", "phone"}, confidential_client(), policy());
  EXPECT_EQ(outcome(wider), "refresh.scope_widened");
  EXPECT_EQ(wider.error().code(), ErrorCode::invalid_scope);
}

// What was taken from the client since is taken out, not refused.
TEST(NarrowScope, loses_what_the_client_may_no_longer_have) {
  auto less = confidential_client();
  less.scopes = {"email"};
  EXPECT_EQ(narrow_scope({"email", "username"}, {}, less, policy()), Scopes{"email"});
}

// RFC8707-2.2, C11.6: resources too may narrow and never grow.
TEST(NarrowResources, C11_6_may_narrow_and_never_add) {
  using Resources = std::vector<std::string>;
  const Resources granted{"https://a.example", "https://b.example"};
  EXPECT_EQ(narrow_resources(granted, {}, policy()), granted);
  EXPECT_EQ(narrow_resources(granted, {"https://b.example", "https://b.example"}, policy()),
            Resources{"https://b.example"});
  const auto wider =
      narrow_resources(granted, {"https://a.example", "https://c.example"}, policy());
  EXPECT_EQ(outcome(wider), "token.resource_widened");
  EXPECT_EQ(wider.error().code(), ErrorCode::invalid_target);
  // Nothing granted is the issuer's own; that is not among others that were.
  EXPECT_EQ(narrow_resources({}, {policy().issuer}, policy()), Resources{policy().issuer});
  EXPECT_EQ(outcome(narrow_resources({}, {"https://a.example"}, policy())),
            "token.resource_widened");
  EXPECT_EQ(outcome(narrow_resources(granted, {policy().issuer}, policy())),
            "token.resource_widened");
}

// C8.11
TEST(RefreshDue, C8_11_when_there_is_one_and_what_it_is_bound_to) {
  const auto due = [](const Client& client, const Scopes& scopes) {
    const auto refresh = refresh_due(client, scopes);
    return std::string(refresh.due ? "due" : "none") + (refresh.session_bound ? " bound" : "");
  };
  auto without = confidential_client();
  without.grant_types = {GrantType::authorization_code};
  EXPECT_EQ(due(confidential_client(), {"email"}), "due");
  EXPECT_EQ(due(confidential_client(), {"openid"}), "due bound");
  EXPECT_EQ(due(confidential_client(), {"openid", "offline_access"}), "due");
  EXPECT_EQ(due(without, {"email"}), "none");
  EXPECT_EQ(due(without, {"openid"}), "none bound");
}

// RT-15: no number of rotations moves the absolute expiry.
TEST(NextIdleExpiry, RT_15_is_capped) {
  RefreshFamily family;
  family.expires_at = kNow + hours(30 * 24);
  EXPECT_EQ(next_idle_expiry(family, policy(), kNow), kNow + hours(14 * 24));
  family.expires_at = kNow + hours(1);
  EXPECT_EQ(next_idle_expiry(family, policy(), kNow), kNow + hours(1));
}

// The wire form: byte for byte the same for the same counter and key.
TEST(RefreshTokenText, is_deterministic_and_looks_like_a_jwt) {
  const RefreshClaims claims{id(52), 5};
  const auto first = mint_refresh_token(claims, "refresh-1", ring());
  const auto again = mint_refresh_token(claims, "refresh-1", ring());
  EXPECT_EQ(first.reveal(), again.reveal());
  EXPECT_TRUE(first.reveal().starts_with("eyJ"));
  EXPECT_NE(first.reveal(), mint_refresh_token(claims, "refresh-2", ring()).reveal());
  EXPECT_NE(first.reveal(), mint_refresh_token({id(52), 6}, "refresh-1", ring()).reveal());
  const auto peeked = crypto::peek_jws(first.reveal());
  ASSERT_TRUE(peeked);
  EXPECT_EQ(peeked->payload.size(), 2u);
}

TEST(RefreshTokenText, is_verified_under_old_keys_too) {
  for (const std::string kid : {"refresh-1", "refresh-2"}) {
    const auto verified =
        verify_refresh_token(mint_refresh_token({id(52), 5}, kid, ring()), ring());
    ASSERT_TRUE(verified) << kid;
    EXPECT_EQ(verified->family, id(52));
    EXPECT_EQ(verified->n, 5);
  }
  EXPECT_THROW(mint_refresh_token({id(52), 5}, "never-made", ring()), std::runtime_error);
}

Secret macced(std::string_view typ, const boost::json::object& payload,
              std::string_view kid = "refresh-1") {
  return Secret(crypto::mac_jws(*ring().find_refresh_mac("refresh-1"), kid, typ, payload));
}

// RT-13, JO-24, JO-27: garbage is nothing, without a read.
TEST(RefreshTokenText, RT_13_garbage) {
  const std::string family = id(52).text();
  const std::string good(macced("rt+jwt", {{"f", family}, {"n", 5}}).reveal());
  ASSERT_TRUE(verify_refresh_token(Secret(good), ring()));
  auto flipped = good;
  flipped[good.find('.') + 3] ^= 1;
  const Secret bad[] = {
      Secret(""),
      Secret("garbage"),
      Secret(flipped),
      Secret(good.substr(0, good.size() - 1)),
      Secret(good + "A"),
      Secret(std::string(600, 'A')),
      macced("at+jwt", {{"f", family}, {"n", 5}}),
      macced("rt+jwt", {{"f", family}, {"n", 5}}, "refresh-2"),
      macced("rt+jwt", {{"f", family}, {"n", 5}}, "unknown"),
      macced("rt+jwt", {{"f", "short"}, {"n", 5}}),
      macced("rt+jwt", {{"f", family}, {"n", "5"}}),
      macced("rt+jwt", {{"f", family}, {"n", -5}}),
      macced("rt+jwt", {{"f", family}}),
      macced("rt+jwt", {{"n", 5}}),
      Secret(crypto::sign_jws(*ring().signing_key(crypto::Alg::ES256, kNow), "rt+jwt",
                              {{"f", family}, {"n", 5}})),
  };
  for (std::size_t i = 0; i < std::size(bad); ++i) {
    EXPECT_FALSE(verify_refresh_token(bad[i], ring())) << "row " << i;
  }
}

}  // namespace
}  // namespace claviger::protocol::test
