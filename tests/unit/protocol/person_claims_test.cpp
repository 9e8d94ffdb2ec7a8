// The standard claims of a person (OIDCC-5.1), and who gets which.
#include "protocol/tokens/person_claims.hpp"

#include <set>

#include "base/json.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

Policy openid_policy() {
  auto with = policy();
  with.scopes = {"openid", "profile", "email", "address", "phone", "username"};
  return with;
}

User complete() {
  User all = user();
  all.updated_at = kNow;
  all.email_verified = true;
  all.claims = {{"name", "Augusta Ada King"},
                {"middle_name", "Augusta"},
                {"nickname", "Ada"},
                {"profile", "https://ada.example/"},
                {"picture", "https://ada.example/p.png"},
                {"website", "https://ada.example/w"},
                {"gender", "female"},
                {"birthdate", "1815-12-10"},
                {"zoneinfo", "Europe/London"},
                {"locale", "en-GB"},
                {"address", {{"locality", "London"}, {"country", "UK"}, {"planet", "Earth"}}}};
  return all;
}

boost::json::object told(const User& user, const Scopes& scopes,
                         const std::vector<WantedClaim>& wanted = {},
                         const Client& client = confidential_client()) {
  return person_claims(user, scopes, wanted, client, openid_policy());
}

std::set<std::string> names(const boost::json::object& claims) {
  std::set<std::string> all;
  for (const auto& member : claims) all.emplace(member.key());
  return all;
}

// C11.3, OIDCC-5.4: every standard claim comes with the scope it belongs to.
TEST(PersonClaims, C11_3_each_scope_gives_all_of_its_claims) {
  EXPECT_EQ(names(told(complete(), {"profile"})),
            (std::set<std::string>{"name", "given_name", "family_name", "middle_name", "nickname",
                                   "preferred_username", "profile", "picture", "website", "gender",
                                   "birthdate", "zoneinfo", "locale", "updated_at"}));
  EXPECT_EQ(names(told(complete(), {"email"})), (std::set<std::string>{"email", "email_verified"}));
  EXPECT_EQ(names(told(complete(), {"phone"})),
            (std::set<std::string>{"phone_number", "phone_number_verified"}));
  EXPECT_EQ(names(told(complete(), {"address"})), (std::set<std::string>{"address"}));
  EXPECT_TRUE(told(complete(), {"openid", "offline_access"}).empty());
  EXPECT_EQ(names(told(complete(), {"username"})), (std::set<std::string>{"username"}));
}

// C11.2: the right JSON types, known members of the address only.
TEST(PersonClaims, C11_2_have_the_right_types) {
  const auto claims = told(complete(), {"profile", "email", "phone", "address"});
  EXPECT_EQ(claims.at("email_verified"), true);
  EXPECT_EQ(claims.at("phone_number_verified"), false);
  EXPECT_EQ(claims.at("updated_at"), to_seconds(kNow));
  EXPECT_EQ(boost::json::serialize(claims.at("address")),
            R"({"locality":"London","country":"UK"})");
  EXPECT_EQ(claims.at("given_name"), "Ada");
  EXPECT_EQ(claims.at("family_name"), "Lovelace");
  EXPECT_EQ(claims.at("preferred_username"), "ada");
  EXPECT_EQ(json_text(claims, "phone_number"), user().phone);
  EXPECT_EQ(claims.at("birthdate"), "1815-12-10");
}

TEST(PersonClaims, the_name_is_made_of_the_two_names_when_there_is_no_other) {
  EXPECT_EQ(told(complete(), {"profile"}).at("name"), "Augusta Ada King");
  EXPECT_EQ(told(user(), {"profile"}).at("name"), "Ada Lovelace");
  User single = user();
  single.lastname.clear();
  EXPECT_EQ(told(single, {"profile"}).at("name"), "Ada");
}

// C11.2, OIDCC-5.3.2: what there isn't is left out, never empty, blank or null.
TEST(PersonClaims, C11_2_what_there_is_not_is_left_out) {
  User sparse;
  sparse.sub = "s";
  sparse.username = "x";
  sparse.claims = {{"nickname", "  "}, {"website", 7}, {"address", boost::json::object{}}};
  EXPECT_EQ(names(told(sparse, {"profile", "email", "phone", "address"})),
            (std::set<std::string>{"preferred_username"}));
}

// C5.14, OIDCC-5.5: claims by name, without their scope.
TEST(PersonClaims, C5_14_are_given_by_name) {
  EXPECT_EQ(names(told(complete(), {"openid"}, {{"nickname", true, {}}, {"unknown", true, {}}})),
            (std::set<std::string>{"nickname"}));
  EXPECT_EQ(names(told(complete(), {}, {{"given_name", false, {"Ada"}}})),
            (std::set<std::string>{"given_name"}));
  EXPECT_TRUE(told(complete(), {}, {{"given_name", false, {"Eve", "Mallory"}}}).empty());
}

// The parameter is no way around the scopes that the operator allowed the client.
TEST(PersonClaims, a_name_gives_nothing_that_no_scope_could) {
  auto narrow = confidential_client();
  narrow.scopes = {"openid", "email"};
  const std::vector<WantedClaim> wanted{{"phone_number", true, {}}, {"email", false, {}}};
  EXPECT_EQ(names(told(complete(), {"openid"}, wanted, narrow)), (std::set<std::string>{"email"}));
  auto small = openid_policy();
  small.scopes = {"openid"};
  EXPECT_TRUE(person_claims(complete(), {"openid"}, wanted, confidential_client(), small).empty());
}

}  // namespace
}  // namespace claviger::protocol::test
