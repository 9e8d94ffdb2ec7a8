// Who somebody is called before a client.
#include "protocol/tokens/subject.hpp"

#include <set>

#include "base/text.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

Digest key(std::uint8_t filled_with) {
  Digest digest;
  digest.fill(filled_with);
  return digest;
}

Client pairwise(std::string sector) {
  auto client = confidential_client();
  client.metadata.subject_type = SubjectType::pairwise;
  client.metadata.sector = std::move(sector);
  return client;
}

TEST(Subject, is_the_persons_own_unless_registered_otherwise) {  // OIDCC-8
  EXPECT_EQ(subject_for(confidential_client(), user().sub, key(1)), user().sub);
}

// OIDCC-8.1: the same within a sector, unrelated between two, and not to be computed without the
// key.
TEST(Subject, pairwise_is_one_for_each_sector) {
  auto sister = pairwise("app.example.com");
  sister.client_id = "another";
  const auto here = subject_for(pairwise("app.example.com"), user().sub, key(1));
  EXPECT_EQ(subject_for(sister, user().sub, key(1)), here);
  const std::set<std::string> all{here, user().sub,
                                  subject_for(pairwise("shop.example.com"), user().sub, key(1)),
                                  subject_for(pairwise("app.example.com"), "somebody", key(1)),
                                  subject_for(pairwise("app.example.com"), user().sub, key(2))};
  EXPECT_EQ(all.size(), 5u);
}

TEST(Subject, C4_1_is_short_and_ascii) {  // C4.1: at most 255 characters of ASCII
  const auto sub = subject_for(pairwise("app.example.com"), user().sub, key(1));
  EXPECT_EQ(sub.size(), 43u);
  EXPECT_TRUE(is_vschar(sub));
}

TEST(Subject, no_two_pairs_of_sector_and_person_look_alike) {
  EXPECT_NE(subject_for(pairwise("ab"), "c", key(1)), subject_for(pairwise("a"), "bc", key(1)));
}

TEST(Subject, without_a_recorded_sector_the_redirect_uris_decide) {
  auto same = pairwise("");
  same.client_id = "sister";
  EXPECT_EQ(subject_for(same, "s", key(1)), subject_for(pairwise("app.example.com"), "s", key(1)));
  auto hostless = pairwise("");
  hostless.redirect_uris = {"com.example.app:/callback"};
  auto other = hostless;
  other.client_id = "other";
  EXPECT_NE(subject_for(hostless, "s", key(1)), subject_for(other, "s", key(1)));
}

// C15.9: one for each session and client; it leads neither to the session nor to another client's.
TEST(Sid, C15_9_is_one_for_each_session_and_client) {
  const std::set<std::string> all{sid_for(id(1), "a", key(1)), sid_for(id(1), "b", key(1)),
                                  sid_for(id(2), "a", key(1)), sid_for(id(1), "a", key(2))};
  EXPECT_EQ(all.size(), 4u);
  EXPECT_EQ(sid_for(id(1), "a", key(1)), sid_for(id(1), "a", key(1)));
  for (const auto& sid : all) EXPECT_EQ(sid.find(id(1).text()), std::string::npos);
}

TEST(Sector, is_the_one_host_of_the_redirect_uris) {  // OIDCC-8.1
  using Uris = std::vector<std::string>;
  EXPECT_EQ(sector_of(Uris{"https://App.example.com/a", "https://app.example.com:8443/b"}),
            "app.example.com");
  EXPECT_EQ(sector_of(Uris{"https://a.example/", "https://b.example/"}), std::nullopt);
  EXPECT_EQ(sector_of(Uris{"com.example.app:/callback"}), std::nullopt);
  EXPECT_EQ(sector_of(Uris{"https://a.example/", "com.example.app:/callback"}), std::nullopt);
  EXPECT_EQ(sector_of(Uris{"no uri"}), std::nullopt);
  EXPECT_EQ(sector_of(Uris{}), std::nullopt);
}

}  // namespace
}  // namespace claviger::protocol::test
