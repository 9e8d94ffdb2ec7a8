// The pages on which a person decides: who asks, what a press of each button says, and what is
// shown of what strangers wrote.
#include <gtest/gtest.h>

#include "example_views.hpp"
#include "markup.hpp"

namespace claviger::pages {
namespace {

const Pages& pages() {
  static const Pages all;
  return all;
}

bool shows(const std::string& html, std::string_view words) {
  return html.find(words) != std::string::npos;
}

bool has_id(const std::string& html, std::string_view id) {
  return markup::with_attribute(html, "id", id).size() == 1;
}

std::string attribute(const std::string& html, std::string_view id, std::string_view name) {
  const auto found = markup::with_attribute(html, "id", id);
  return found.size() == 1 ? found.front().find(name).value_or("(none)") : "(no such id)";
}

// The one form, its hidden fields and what each of its buttons sends.
struct FormOf {
  std::string action;
  std::vector<std::pair<std::string, std::string>> hidden;
  std::vector<std::pair<std::string, std::string>> buttons;  // id, value of `action`
};

FormOf form_of(const std::string& html) {
  FormOf form;
  for (const auto& element : markup::read(html)) {
    if (element.name == "form" && !element.end) {
      EXPECT_EQ(form.action, "") << "more than one form";
      EXPECT_EQ(element.find("method"), "post");
      form.action = element.find("action").value_or("");
    }
    if (element.find("type") == "hidden") {
      form.hidden.emplace_back(*element.find("name"), *element.find("value"));
    }
    if (element.name == "button" && !element.end) {
      EXPECT_EQ(element.find("type"), "submit");
      form.buttons.emplace_back(element.find("id").value_or(""),
                                element.find("value").value_or(""));
    }
  }
  return form;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(ClientBlock, shows_the_logo_or_else_initials) {
  const auto with_logo = pages().login({.client = examples::client_with_logo()}, Locale::en);
  EXPECT_EQ(attribute(with_logo, "client-logo", "src"), examples::client_with_logo().logo_url);
  EXPECT_EQ(attribute(with_logo, "client-logo", "alt"), "");
  EXPECT_FALSE(shows(with_logo, ">DC<"));
  const auto without = pages().login({.client = examples::client()}, Locale::en);
  EXPECT_FALSE(has_id(without, "client-logo"));
  EXPECT_TRUE(shows(without, "<p class=\"seal\" aria-hidden=\"true\">DC</p>"));
}

TEST(ClientBlock, makes_initials_of_any_name) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"shop", "S"},
      {"the garden club", "TG"},
      {"  spaced   out  ", "SO"},
      {"\xc3\xa9t\xc3\xa9 zebra", "\xc3\xa9Z"},
      {"<b> &c", "&lt;&amp;"},
  };
  for (const auto& [name, expected] : rows) {
    const auto html = pages().login({.client = {.name = name}}, Locale::en);
    EXPECT_TRUE(shows(html, "aria-hidden=\"true\">" + expected + "</p>")) << name;
  }
}

// XS-01: what a client registered is a link only where it leads to the web.
TEST(ClientBlock, XS_01_links_policy_and_terms_of_the_web_alone) {
  auto view = examples::login();
  EXPECT_EQ(attribute(pages().login(view, Locale::en), "client-policy", "href"),
            "https://demo.example/privacy");
  EXPECT_EQ(attribute(pages().login(view, Locale::en), "client-tos", "rel"), "noopener noreferrer");
  view.client.policy_uri = "javascript:alert(1)";
  view.client.tos_uri = "data:text/html,x";
  view.client.logo_url = "//evil.example/x.png";
  const auto html = pages().login(view, Locale::en);
  EXPECT_FALSE(has_id(html, "client-policy"));
  EXPECT_FALSE(has_id(html, "client-tos"));
  EXPECT_FALSE(has_id(html, "client-logo"));
  EXPECT_FALSE(shows(html, "client-links"));
}

TEST(LoginPage, stands_for_a_device_when_no_app_asks) {
  const auto html = pages().login({.txn = "t"}, Locale::en);
  EXPECT_TRUE(shows(html, "to connect a device"));
  EXPECT_FALSE(has_id(html, "client-name"));
  EXPECT_FALSE(shows(html, "to continue to"));
  EXPECT_FALSE(shows(pages().login(examples::login(), Locale::en), "to connect a device"));
}

TEST(LoginPage, offers_an_account_only_where_one_can_be_made) {
  auto view = examples::login();
  EXPECT_FALSE(has_id(pages().login(view, Locale::en), "login-signup"));
  view.can_sign_up = true;
  EXPECT_EQ(attribute(pages().login(view, Locale::en), "login-signup", "href"),
            "/signup?txn=txn-1");
}

TEST(SignUpPage, posts_to_signup_with_its_transaction) {
  const auto html = pages().sign_up(examples::sign_up(), Locale::en);
  const auto form = form_of(html);
  EXPECT_EQ(form.action, "/signup");
  EXPECT_EQ(form.hidden, (Pairs{{"txn", "txn-1"}}));
  EXPECT_EQ(form.buttons, (Pairs{{"signup-submit", ""}, {"signup-cancel", "cancel"}}));
  EXPECT_EQ(attribute(html, "password", "autocomplete"), "new-password");
  EXPECT_EQ(attribute(html, "password", "value"), "(none)");
  EXPECT_EQ(attribute(html, "signup-login", "href"), "/login?txn=txn-1");
  EXPECT_EQ(attribute(html, "username", "autofocus"), "");
}

TEST(SignUpPage, has_a_sentence_for_each_problem) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"signup.taken", "has an account already"},
      {"user_registration.username", "This can’t be a user name"},
      {"user_registration.email", "This is not an email address"},
      {"user_registration.name", "The first or last name"},
      {"user_registration.password_missing", "The password is too short"},
      {"user_registration.password_length", "The password is too short"},
      {"user_registration.password_weak", "too easy to guess"},
      {"user_registration.phone", "The account could not be created"},
  };
  for (const auto& [reason, words] : rows) {
    const auto html = pages().sign_up(examples::failed_sign_up(reason), Locale::en);
    EXPECT_TRUE(shows(html, words)) << reason;
    const auto alerts = markup::with_attribute(html, "role", "alert");
    ASSERT_EQ(alerts.size(), 1u) << reason;
    EXPECT_EQ(alerts.front().find("autofocus"), "") << reason;
    const auto alert = html.substr(html.find("role=\"alert\""));
    const auto inside = alert.substr(0, alert.find("</div>"));
    EXPECT_EQ(inside.find("<p>"), inside.rfind("<p>")) << "one sentence for " << reason;
    EXPECT_EQ(attribute(html, "username", "value"), "ada");
    EXPECT_FALSE(shows(html, reason));
  }
}

TEST(SignUpPage, marks_the_field_that_is_wrong) {
  const auto invalid = [](const std::string& reason) {
    std::vector<std::string> ids;
    const auto html = pages().sign_up(examples::failed_sign_up(reason), Locale::en);
    for (const auto& element : markup::with_attribute(html, "aria-invalid", "true")) {
      ids.push_back(*element.find("id"));
    }
    return ids;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(invalid("signup.taken"), (Ids{"username"}));
  EXPECT_EQ(invalid("user_registration.email"), (Ids{"email"}));
  EXPECT_EQ(invalid("user_registration.name"), (Ids{"firstname", "lastname"}));
  EXPECT_EQ(invalid("user_registration.password_weak"), (Ids{"password"}));
  EXPECT_EQ(invalid("something.else"), Ids{});
}

TEST(AccountPage, posts_each_choice) {
  const auto html = pages().account(examples::account(), Locale::en);
  const auto form = form_of(html);
  EXPECT_EQ(form.action, "/account");
  EXPECT_EQ(form.hidden, (Pairs{{"txn", "txn-1"}}));
  EXPECT_EQ(form.buttons, (Pairs{{"account-continue", "continue"}, {"account-switch", "switch"}}));
  EXPECT_TRUE(shows(html, ">ada</strong>"));
}

// CI-27: each standard scope in words, in both languages; an unknown one by its name (OIDCC-5.4).
TEST(ConsentPage, CI_27_tells_standard_scopes_in_words) {
  const std::vector<std::array<std::string, 3>> rows{
      {"openid", "the confirmation that it is you", "die Bestätigung, dass Sie es sind"},
      {"profile", "your profile", "Ihr Profil"},
      {"email", "your email address", "Ihre E-Mail-Adresse"},
      {"address", "your postal address", "Ihre Postanschrift"},
      {"phone", "your phone number", "Ihre Telefonnummer"},
      {"offline_access", "while you are away", "in Ihrer Abwesenheit"},
      {"calendar:read", "<code>calendar:read</code>", "<code>calendar:read</code>"},
  };
  const auto english = pages().consent(examples::consent(), Locale::en);
  const auto german = pages().consent(examples::consent(), Locale::de);
  for (const auto& [scope, in_english, in_german] : rows) {
    EXPECT_TRUE(shows(english, in_english)) << scope;
    EXPECT_TRUE(shows(german, in_german)) << scope;
  }
}

TEST(ConsentPage, what_holds_for_all_of_it_comes_last) {
  ConsentView view{.person = "ada", .scopes = {{"offline_access"}, {"openid"}, {"email"}}};
  const auto html = pages().consent(view, Locale::en);
  EXPECT_LT(html.find("your email address"), html.find("while you are away"));
  view.scopes = {{"openid"}};
  EXPECT_TRUE(shows(pages().consent(view, Locale::en), "and nothing else."));
}

TEST(DevicePages, ask_for_the_code) {
  const auto html = pages().device_entry({.csrf = "csrf-1"}, Locale::en);
  const auto form = form_of(html);
  EXPECT_EQ(form.action, "/device");
  EXPECT_EQ(form.hidden, (Pairs{{"csrf", "csrf-1"}}));
  EXPECT_EQ(form.buttons, (Pairs{{"device-submit", ""}}));
  EXPECT_EQ(attribute(html, "user-code", "name"), "user_code");
  EXPECT_EQ(attribute(html, "user-code", "autocomplete"), "off");
  const auto failed = pages().device_entry(examples::failed_device_entry(), Locale::en);
  EXPECT_EQ(attribute(failed, "user-code", "value"), "WDJB-MJHT");
  EXPECT_TRUE(shows(failed, "not known or no longer valid"));
  EXPECT_TRUE(shows(failed, "try again in 45 s."));
}

// DV-02: client, address and age, the code to compare, a warning; nothing sends itself.
TEST(DevicePages, DV_02_say_who_asks_before_anything_is_allowed) {
  const auto html = pages().device_confirm(examples::device_confirm(), Locale::en);
  const auto form = form_of(html);
  EXPECT_EQ(form.action, "/device");
  EXPECT_EQ(form.hidden, (Pairs{{"csrf", "csrf-1"}, {"user_code", "WDJBMJHT"}}));
  EXPECT_EQ(form.buttons, (Pairs{{"device-approve", "approve"}, {"device-deny", "deny"}}));
  for (const auto* words : {"WDJB-MJHT", "Demo client", "192.0.2.17", "2 min ago",
                            "If somebody sent you this code", "your profile", ">ada</strong>"}) {
    EXPECT_TRUE(shows(html, words)) << words;
  }
  EXPECT_FALSE(shows(html, "<script"));
  EXPECT_FALSE(shows(html, "autofocus"));
  auto fresh = examples::device_confirm();
  fresh.minutes_ago = 0;
  EXPECT_TRUE(shows(pages().device_confirm(fresh, Locale::de), "gerade eben"));
}

TEST(DevicePages, say_how_it_ended) {
  EXPECT_TRUE(shows(pages().device_done({.approved = true}, Locale::en), "is connected"));
  EXPECT_TRUE(shows(pages().device_done({}, Locale::en), "Nothing was allowed."));
}

const std::string kHostile = R"("'><script src=//evil.example>x</script>{{person}}&lt;)";

// XS-01: the hostile page has exactly the elements of the harmless one.
TEST(DecisionPages, XS_01_show_text_as_text) {
  auto sign_up = examples::failed_sign_up("signup.taken");
  const auto harmless_sign_up = pages().sign_up(sign_up, Locale::en);
  sign_up.txn = sign_up.username = sign_up.email = sign_up.firstname = sign_up.lastname = kHostile;
  sign_up.client.name = kHostile;
  EXPECT_EQ(markup::skeleton(pages().sign_up(sign_up, Locale::en)),
            markup::skeleton(harmless_sign_up));

  auto account = examples::account();
  const auto harmless_account = pages().account(account, Locale::de);
  account.txn = account.person = account.client.name = account.client.redirect_host = kHostile;
  EXPECT_EQ(markup::skeleton(pages().account(account, Locale::de)),
            markup::skeleton(harmless_account));

  auto device = examples::device_confirm();
  const auto harmless_device = pages().device_confirm(device, Locale::en);
  device.txn_code = device.csrf = device.user_code = device.requester = device.person = kHostile;
  device.client.name = kHostile;
  EXPECT_EQ(markup::skeleton(pages().device_confirm(device, Locale::en)),
            markup::skeleton(harmless_device));

  auto entry = examples::failed_device_entry();
  const auto harmless_entry = pages().device_entry(entry, Locale::en);
  entry.csrf = entry.user_code = kHostile;
  EXPECT_EQ(markup::skeleton(pages().device_entry(entry, Locale::en)),
            markup::skeleton(harmless_entry));
}

}  // namespace
}  // namespace claviger::pages
