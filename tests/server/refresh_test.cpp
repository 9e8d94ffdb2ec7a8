// Refresh tokens over the wire (rows RT): rotation, retry, theft.
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

class Refresh : public testing::Test {
 protected:
  void SetUp() override {
    site.register_demo();
    first = fresh_tokens(site);
  }
  http::Response refresh(const std::string& token) {
    return site.post("/token", refresh_form(token));
  }
  Site site;
  Tokens first;
};

TEST_F(Refresh, RT_02_ARetryWithinTheGraceGetsTheSameSuccessor) {  // RT-02, RFC9700-4.14.2
  const auto second = tokens_of(refresh(first.refresh));
  site.clock.advance(std::chrono::seconds(9));
  const auto retried = tokens_of(refresh(first.refresh));
  EXPECT_EQ(retried.refresh, second.refresh);
  EXPECT_NE(retried.access, second.access);
  EXPECT_EQ(refresh(second.refresh).status, 200u);
}

TEST_F(Refresh, TheWindowIsNotExtendedByARetry) {  // RFC9700-4.14.2
  refresh(first.refresh);
  site.clock.advance(std::chrono::seconds(9));
  EXPECT_EQ(refresh(first.refresh).status, 200u);
  site.clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(text_of(refresh(first.refresh), "error"), "invalid_grant");
}

TEST_F(Refresh, RT_01_AnOlderTokenEndsTheFamily) {  // RT-01, RFC9700-4.14.2
  const auto second = tokens_of(refresh(first.refresh));
  const auto third = tokens_of(refresh(second.refresh));
  const auto stolen = refresh(first.refresh);
  EXPECT_EQ(text_of(stolen, "error"), "invalid_grant");
  EXPECT_EQ(reason_of(stolen), "refresh.reuse");
  EXPECT_EQ(text_of(refresh(third.refresh), "error"), "invalid_grant");
  EXPECT_EQ(site.api(third.access).status, 401u);
}

TEST_F(Refresh, RT_01_ALateRetryIsTheftTooButSaysWhich) {  // RT-01
  const auto second = tokens_of(refresh(first.refresh));
  site.clock.advance(std::chrono::seconds(11));
  const auto late = refresh(first.refresh);
  EXPECT_EQ(reason_of(late), "refresh.late_retry");
  EXPECT_EQ(text_of(refresh(second.refresh), "error"), "invalid_grant");
}

TEST_F(Refresh, RT_03_ARestartResetsNothing) {  // RT-03
  const auto second = tokens_of(refresh(first.refresh));
  tokens_of(refresh(second.refresh));
  site.reopen();
  EXPECT_EQ(text_of(refresh(first.refresh), "error"), "invalid_grant");
  EXPECT_EQ(reason_of(refresh(second.refresh)), "refresh.revoked");
}

TEST_F(Refresh, TokensLiveThroughARestart) {
  site.reopen();
  EXPECT_EQ(site.api(first.access).status, 200u);
  EXPECT_EQ(refresh(first.refresh).status, 200u);
}

TEST_F(Refresh, RT_04_AnotherClientGetsNothingAndHarmsNothing) {  // RT-04, RFC6749-6
  site.post("/register_client", form_of({{"client_id", "other-client"},
                                         {"client_secret", "a-secret-of-sixteen"},
                                         {"redirect_uri", kCallback}}));
  const auto foreign = with(with(refresh_form(first.refresh), "client_id", "other-client"),
                            "client_secret", "a-secret-of-sixteen");
  EXPECT_EQ(text_of(site.post("/token", foreign), "error"), "invalid_grant");
  const auto unauthenticated = with(refresh_form(first.refresh), "client_secret", "");
  EXPECT_EQ(site.post("/token", unauthenticated).status, 401u);
  EXPECT_EQ(refresh(first.refresh).status, 200u);
}

TEST_F(Refresh, RT_08_IdleAndAbsoluteExpiry) {  // RT-08, OAUTH21-4.3.3
  site.clock.advance(std::chrono::days(14));
  EXPECT_EQ(text_of(refresh(first.refresh), "error"), "invalid_grant");
}

TEST_F(Refresh, RT_15_RotationDoesNotOutliveTheAbsoluteExpiry) {  // RT-15
  std::string token = first.refresh;
  for (int days = 0; days < 80; days += 10) {
    site.clock.advance(std::chrono::days(10));
    token = tokens_of(refresh(token)).refresh;
    ASSERT_FALSE(token.empty());
  }
  site.clock.advance(std::chrono::days(10));
  EXPECT_EQ(text_of(refresh(token), "error"), "invalid_grant");
}

TEST_F(Refresh, RT_13_GarbageIsRefused) {  // RT-13
  for (const std::string bad : {"x", "eyJhbGciOiJub25lIn0.e30.", "a.b.c"}) {
    EXPECT_EQ(text_of(refresh(bad), "error"), "invalid_grant") << bad;
  }
  // Every byte counts.
  for (std::size_t i = 0; i < first.refresh.size(); i += 7) {
    std::string forged = first.refresh;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    if (forged == first.refresh) continue;
    EXPECT_EQ(text_of(refresh(forged), "error"), "invalid_grant") << i;
  }
  EXPECT_EQ(refresh(first.refresh).status, 200u);
}

TEST_F(Refresh, RT_14_UnknownParametersLeaveNoTrace) {  // RT-14
  auto form = refresh_form(first.refresh);
  form.add("client_session_host", "evil.example");
  EXPECT_EQ(site.post("/token", form).status, 200u);
}

TEST_F(Refresh, TheScopeMayShrinkAndNeverGrow) {  // RFC6749-6
  auto narrow = refresh_form(first.refresh);
  narrow.add("scope", "email");
  const auto narrowed = site.post("/token", narrow);
  EXPECT_EQ(text_of(narrowed, "scope"), "email");
  EXPECT_EQ(site.api(tokens_of(narrowed).access).body,
            R"({"status":"SUCCESS","data":{"email":"ada@example.test"}})");
  auto wide = refresh_form(tokens_of(narrowed).refresh);
  wide.add("scope", "email phone");
  EXPECT_EQ(text_of(site.post("/token", wide), "error"), "invalid_scope");
}

}  // namespace
}  // namespace claviger::test
