#include "protocol/registration/user.hpp"

#include "base/json.hpp"
#include "protocol/registration/password.hpp"
#include "protocol/registration/unicode.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

Form valid() {
  return form({{"firstname", "Ada"},
               {"lastname", "Lovelace"},
               {"username", "ada"},
               {"phone", "+44 20 7946 0958"},
               {"email", "ada@example.test"},
               {"password", "correct-horse-7"}});
}

std::string_view judged(const Form& form) {
  const auto parsed = parse_user_registration(form);
  if (!parsed) return parsed.error().reason->id;
  return outcome(judge_user_registration(*parsed));
}

TEST(UserRegistration, of_the_first_callers) {
  const auto parsed = parse_user_registration(valid());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->user.username, "ada");
  EXPECT_EQ(parsed->user.email, "ada@example.test");
  EXPECT_EQ(parsed->user.firstname, "Ada");
  EXPECT_EQ(parsed->user.lastname, "Lovelace");
  EXPECT_EQ(parsed->user.phone, "+44 20 7946 0958");
  EXPECT_EQ(parsed->user.sub, "");
  EXPECT_EQ(parsed->password.reveal(), "correct-horse-7");
  EXPECT_EQ(judged(valid()), "ok");
}

TEST(UserRegistration, as_json) {
  const auto parsed = parse_user_registration(
      *parse_json(R"({"username":"ada","password":"correct-horse-7","disabled":true,"sub":"x"})"));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->user.username, "ada");
  EXPECT_EQ(parsed->user.sub, "");  // DC-05
  EXPECT_FALSE(parsed->user.disabled);
  EXPECT_TRUE(judge_user_registration(*parsed));
  EXPECT_EQ(outcome(parse_user_registration(*parse_json("[]"))), "registration.not_an_object");
  EXPECT_EQ(outcome(parse_user_registration(*parse_json(R"({"username":1})"))),
            "user_registration.member_type");
  EXPECT_EQ(outcome(parse_user_registration(*parse_json(R"({"password":null})"))),
            "user_registration.member_type");
}

// RFC8265-3.3, RFC8265-4.2, RFC8266-2.1, RFC5321-4.5.3.1, RFC3966-5.1.4, RFC6819-5.1.4.1.2,
// RFC8259-3
TEST(UserRegistration, one_spoiled_member) {
  const std::string long_text(257, 'a');
  const std::string long_password = "correct-horse-7" + std::string(1010, '~');
  struct Row {
    std::string_view id, name, value, outcome;
  };
  const Row rows[] = {
      {"username", "username", "", "user_registration.username"},
      {"username", "username", "a b", "user_registration.username"},
      {"username", "username",
       "a\xc2\xa0"
       "b",
       "user_registration.username"},
      {"username", "username", long_text, "user_registration.username"},
      {"username", "username", "ada\xe2\x80\xae", "user_registration.username"},
      {"username", "username",
       "ad\xe2\x80\x8b"
       "a",
       "user_registration.username"},
      {"username", "username", "\xe3\x85\xa4", "user_registration.username"},
      {"username", "username", "bob@example.test", "user_registration.username"},
      {"username", "username", "ADA@example.test", "ok"},
      {"username", "username", "\xc3\x85sa", "ok"},
      {"email", "email", "", "ok"},
      {"email", "email", "ada@localhost", "ok"},
      {"email", "email", "ada", "user_registration.email"},
      {"email", "email", "@example.test", "user_registration.email"},
      {"email", "email", "ada@", "user_registration.email"},
      {"email", "email", "a@b@example.test", "user_registration.email"},
      {"email", "email", "a b@example.test", "user_registration.email"},
      {"email", "email", "ada@example.test\r\nBcc: x", "user_registration.email"},
      {"email", "email", "ada@.test", "user_registration.email"},
      {"name", "firstname", "A\x07", "user_registration.name"},
      {"name", "lastname", long_text, "user_registration.name"},
      {"name", "lastname", "O'Brien-Sm\xc3\xadth Jr.", "ok"},
      {"phone", "phone", "", "ok"},
      {"phone", "phone", "12", "user_registration.phone"},
      {"phone", "phone", "+44+20 79", "user_registration.phone"},
      {"phone", "phone", "call me", "user_registration.phone"},
      {"PW-04", "password", "", "user_registration.password_missing"},
      {"PW-04", "password", "kX9#mQ2!vB7", "user_registration.password_length"},
      {"PW-04", "password", "kX9#mQ2!vB7z", "ok"},
      {"PW-04", "password", long_password, "user_registration.password_length"},
      {"PW-15", "password", "password1234", "user_registration.password_weak"},
      {"PW-15", "password", "123456789012", "user_registration.password_weak"},
      {"PW-15", "password", "aaaaaaaaaaaaaaaaaaaa", "user_registration.password_weak"},
      {"PW-15", "password", "P@ssw0rd1234", "user_registration.password_weak"},
      {"PW-15", "password", "qwertyuiop12", "user_registration.password_weak"},
      {"PW-15", "password", "adalovelace12", "user_registration.password_weak"},
      {"PW-15", "password", "ada@example.test", "user_registration.password_weak"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(judged(with(valid(), row.name, row.value)), row.outcome)
        << row.id << ' ' << row.name << ' ' << (row.name == "password" ? "" : row.value);
  }
  EXPECT_EQ(judged(plus(valid(), "username", "x")), "registration.repeated");
}

// PW-05: one password, however the keyboard composed it; nothing cut off.
TEST(Password, PW_05_is_normalised) {
  const auto composed = normalise_password(Secret("caf\xc3\xa9"));
  const auto decomposed = normalise_password(Secret("cafe\xcc\x81"));
  ASSERT_TRUE(composed && decomposed);
  EXPECT_EQ(composed->reveal(), decomposed->reveal());
  EXPECT_EQ(composed->reveal(), "caf\xc3\xa9");
  EXPECT_EQ(normalise_password(Secret(" trailing "))->reveal(), " trailing ");
  EXPECT_EQ(normalise_password(Secret(std::string(1024, 'a')))->size(), 1024u);
  EXPECT_NE(normalise_password(Secret(std::string(72, 'a') + "b"))->reveal(),
            normalise_password(Secret(std::string(72, 'a') + "c"))->reveal());
}

// PW-04, PW-05
TEST(Password, PW_04_refused_before_any_work) {
  EXPECT_FALSE(normalise_password(Secret("")));
  EXPECT_FALSE(normalise_password(Secret(std::string(1025, 'a'))));
  EXPECT_FALSE(normalise_password(Secret(std::string(1'000'000, 'a'))));
  EXPECT_FALSE(normalise_password(Secret(std::string_view("a\0b", 3))));
  EXPECT_FALSE(normalise_password(Secret("\xff\xfe")));
  // 1024 bytes count after the normal form: these 513 characters shrink to two bytes each.
  std::string growing;
  for (int i = 0; i < 513; ++i) growing += "e\xcc\x81";
  EXPECT_FALSE(normalise_password(Secret(growing)));
  EXPECT_TRUE(normalise_password(Secret(growing.substr(3))));
}

TEST(Password, PW_15_strength_knows_the_person) {
  EXPECT_FALSE(is_easy_to_guess(Secret("zanzibar-quill-9"), {}));
  EXPECT_TRUE(is_easy_to_guess(Secret("zanzibar-quill-9"), {"zanzibar-quill-9"}));
  EXPECT_FALSE(is_easy_to_guess(Secret("zanzibar-quill-9"), {"", ""}));
}

TEST(Names, are_folded_to_one_key) {
  EXPECT_EQ(fold_username("Ada"), "ada");
  EXPECT_EQ(fold_username("STRA\xc3\x9f"
                          "E"),
            "strasse");
  EXPECT_EQ(fold_username("A\xcc\x8a"), fold_username("\xc3\xa5"));
  EXPECT_EQ(fold_username(""), std::nullopt);
  EXPECT_EQ(fold_username("a\n"), std::nullopt);
  EXPECT_EQ(fold_username("\xff"), std::nullopt);
  EXPECT_EQ(fold_username(std::string(257, 'a')), std::nullopt);
  EXPECT_EQ(fold_email("Ada@Example.TEST"), "ada@example.test");
  EXPECT_EQ(fold_email("\xff"), "");
}

TEST(UserRegistration, same_again) {
  const auto asked = [](const Form& form) { return *parse_user_registration(form); };
  auto stored = user();
  EXPECT_TRUE(same_registration(stored, asked(valid())));
  EXPECT_TRUE(same_registration(stored, asked(with(valid(), "username", "ADA"))));
  EXPECT_TRUE(same_registration(stored, asked(without(valid(), "phone"))));
  for (const std::string_view name : {"username", "email", "firstname", "lastname", "phone"}) {
    EXPECT_FALSE(same_registration(stored, asked(with(valid(), name, "other@x")))) << name;
  }
}

}  // namespace
}  // namespace claviger::protocol::test
