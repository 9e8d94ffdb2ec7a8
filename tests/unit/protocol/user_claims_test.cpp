#include "protocol/registration/user_claims.hpp"

#include <boost/json.hpp>

#include "base/json.hpp"
#include "protocol/registration/user.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

namespace json = boost::json;

// Every standard claim that a record can hold, with its type (OIDCC-5.1). C11.3
constexpr std::string_view kEvery = R"({
    "name": "Ada King", "given_name": "Ada", "family_name": "King", "middle_name": "Augusta",
    "nickname": "Countess", "profile": "https://ada.example/", "picture": "https://ada.example/a.png",
    "website": "https://ada.example/blog", "gender": "female", "birthdate": "1815-12-10",
    "zoneinfo": "Europe/London", "locale": "en-GB", "email": "ada@king.test",
    "email_verified": true, "phone_number": "+44 20 7946 0959", "phone_number_verified": true,
    "address": {"formatted": "12 St James's Square\nLondon", "street_address": "12 St James's Square",
                "locality": "London", "region": "London", "postal_code": "SW1Y", "country": "GB"}})";

json::object claims(std::string_view text) { return parse_json(text).value().as_object(); }

std::string_view set(std::string_view text, Vouched vouched = Vouched::by_operator) {
  User person = user();
  const auto done = set_user_claims(claims(text), vouched, person);
  return done ? outcome(judge_user_record(person)) : outcome(done);
}

TEST(UserClaims, C11_3_every_standard_claim_is_kept) {  // C11.3
  User person = user();
  ASSERT_TRUE(set_user_claims(claims(kEvery), Vouched::by_operator, person));
  EXPECT_EQ(outcome(judge_user_record(person)), "ok");
  EXPECT_EQ(person.firstname, "Ada");
  EXPECT_EQ(person.lastname, "King");
  EXPECT_EQ(person.email, "ada@king.test");
  EXPECT_EQ(person.phone, "+44 20 7946 0959");
  EXPECT_TRUE(person.email_verified);
  EXPECT_TRUE(person.phone_verified);
  for (const auto& [name, value] : claims(kEvery)) {
    const bool own = name == "given_name" || name == "family_name" || name == "email" ||
                     name == "phone_number" || name.ends_with("_verified");
    if (own) {
      EXPECT_FALSE(person.claims.contains(name)) << name;
    } else {
      ASSERT_TRUE(person.claims.contains(name)) << name;
      EXPECT_EQ(person.claims.at(name), value) << name;
    }
  }
  EXPECT_EQ(settable_claim_names().size(), claims(kEvery).size());
}

// RM-06: nobody verifies themselves. DC-05: what nobody knows is passed over.
TEST(UserClaims, RM_06_self_service_verifies_nothing) {
  User person = user();
  ASSERT_TRUE(set_user_claims(claims(kEvery), Vouched::by_nobody, person));
  EXPECT_FALSE(person.email_verified);
  EXPECT_FALSE(person.phone_verified);
  EXPECT_EQ(person.email, "ada@king.test");
  EXPECT_EQ(set(R"({"admin":true,"sub":"x","updated_at":1})", Vouched::by_nobody), "ok");
  const auto registered = parse_user_registration(
      parse_json(
          R"({"username":"ada","password":"correct-horse-7","email":"","nickname":"Ada",)"
          R"("given_name":"Ada","email_verified":true,"phone_number_verified":true,"sub":"x"})")
          .value());
  ASSERT_TRUE(registered);
  EXPECT_EQ(registered->user.firstname, "Ada");
  EXPECT_EQ(registered->user.claims.at("nickname"), "Ada");
  EXPECT_FALSE(registered->user.email_verified);
  EXPECT_FALSE(registered->user.phone_verified);
  EXPECT_EQ(registered->user.sub, "");
}

TEST(UserClaims, another_address_is_not_verified_any_more) {
  User person = user();
  ASSERT_TRUE(set_user_claims(claims(R"({"email_verified":true,"phone_number_verified":true})"),
                              Vouched::by_operator, person));
  ASSERT_TRUE(
      set_user_claims(claims(R"({"email":"ada@example.test"})"), Vouched::by_operator, person));
  EXPECT_TRUE(person.email_verified);  // the same one
  ASSERT_TRUE(set_user_claims(claims(R"({"email":"x@example.test","phone_number":null})"),
                              Vouched::by_operator, person));
  EXPECT_FALSE(person.email_verified);
  EXPECT_FALSE(person.phone_verified);
  EXPECT_EQ(person.phone, "");
  // Whatever the order of the members.
  ASSERT_TRUE(set_user_claims(claims(R"({"email_verified":true,"email":"y@example.test"})"),
                              Vouched::by_operator, person));
  EXPECT_TRUE(person.email_verified);
}

TEST(UserClaims, null_takes_away_and_absence_does_not) {
  User person = user();
  ASSERT_TRUE(set_user_claims(claims(kEvery), Vouched::by_operator, person));
  ASSERT_TRUE(set_user_claims(claims(R"({"nickname":null,"address":null,"given_name":null})"),
                              Vouched::by_operator, person));
  EXPECT_FALSE(person.claims.contains("nickname"));
  EXPECT_FALSE(person.claims.contains("address"));
  EXPECT_EQ(person.firstname, "");
  EXPECT_EQ(person.claims.at("locale"), "en-GB");
  EXPECT_TRUE(person.email_verified);
}

// C11.2, OIDCC-5.1.1, RFC5646-2.1
TEST(UserClaims, C11_2_types_and_forms) {  // C11.2
  struct Row {
    std::string_view text, outcome;
  };
  const std::string long_text = R"({"nickname":")" + std::string(257, 'a') + R"("})";
  const Row rows[] = {
      {R"({"name":1})", "user_claim.text"},
      {R"({"name":""})", "user_claim.text"},
      {R"({"name":"  "})", "user_claim.text"},
      {R"({"name":"null"})", "user_claim.text"},
      {R"({"name":"Null"})", "ok"},
      {R"({"name":"a\u202eb"})", "user_claim.text"},
      {R"({"given_name":7})", "user_claim.text"},
      {R"({"given_name":"a\nb"})", "user_claim.text"},
      {R"({"email":"nonsense"})", "user_registration.email"},
      {R"({"phone_number":"call me"})", "user_registration.phone"},
      {R"({"profile":"javascript:alert"})", "user_claim.url"},
      {R"({"picture":"data:image/png,x"})", "user_claim.url"},
      {R"({"website":"ada.example"})", "user_claim.url"},
      {R"({"website":"https://a@ada.example"})", "user_claim.url"},
      {R"({"website":"http://ada.example/"})", "ok"},
      {R"({"email_verified":"true"})", "user_claim.flag"},
      {R"({"phone_number_verified":1})", "user_claim.flag"},
      {R"({"birthdate":"1815"})", "ok"},
      {R"({"birthdate":"0000-02-29"})", "ok"},
      {R"({"birthdate":"2000-02-29"})", "ok"},
      {R"({"birthdate":"1900-02-29"})", "user_claim.birthdate"},
      {R"({"birthdate":"1815-13-10"})", "user_claim.birthdate"},
      {R"({"birthdate":"1815-00-10"})", "user_claim.birthdate"},
      {R"({"birthdate":"10.12.1815"})", "user_claim.birthdate"},
      {R"({"birthdate":"0000"})", "user_claim.birthdate"},
      {R"({"birthdate":1815})", "user_claim.text"},
      {R"({"zoneinfo":"UTC"})", "ok"},
      {R"({"zoneinfo":"America/Argentina/Buenos_Aires"})", "ok"},
      {R"({"zoneinfo":"Europe London"})", "user_claim.zoneinfo"},
      {R"({"zoneinfo":"../etc/passwd"})", "user_claim.zoneinfo"},
      {R"({"locale":"de"})", "ok"},
      {R"({"locale":"zh-Hant-TW"})", "ok"},
      {R"({"locale":"en_GB"})", "user_claim.locale"},
      {R"({"locale":"english"})", "user_claim.locale"},
      {R"({"locale":"en-"})", "user_claim.locale"},
      {R"({"address":"12 St James's Square"})", "user_claim.address"},
      {R"({"address":{}})", "user_claim.address"},
      {R"({"address":{"planet":"Earth"}})", "user_claim.address"},
      {R"({"address":{"country":7}})", "user_claim.address"},
      {R"({"address":{"formatted":"a\r\nb"}})", "ok"},
      {R"({"sub":"x"})", "user_claim.unknown"},
      {R"({"updated_at":1})", "user_claim.unknown"},
      {R"({"nicknam":"x"})", "user_claim.unknown"},
      {R"({"preferred_username":"ada"})", "ok"},
      {R"({"preferred_username":"eve"})", "user_claim.unknown"},
  };
  for (const auto& row : rows) EXPECT_EQ(set(row.text), row.outcome) << row.text;
  EXPECT_EQ(set(long_text), "user_claim.text");
}

TEST(UserClaims, the_same_person_again) {
  const auto asked = [](std::string_view nickname) {
    const auto text = R"({"username":"ada","password":"correct-horse-7","nickname":")" +
                      std::string(nickname) + "\"}";
    return *parse_user_registration(parse_json(text).value());
  };
  auto stored = user();
  EXPECT_FALSE(same_registration(stored, asked("Countess")));
  stored.claims["nickname"] = "Countess";
  stored.claims["gender"] = "female";
  EXPECT_TRUE(same_registration(stored, asked("Countess")));
  EXPECT_FALSE(same_registration(stored, asked("Ada")));
}

}  // namespace
}  // namespace claviger::protocol::test
