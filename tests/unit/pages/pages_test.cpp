#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "example_views.hpp"
#include "markup.hpp"
#include "pages/catalogue.hpp"
#include "pages/sources.hpp"
#include "pages/values.hpp"

namespace claviger::pages {
namespace {

constexpr std::array kBoth{Locale::en, Locale::de};

const Pages& pages() {
  static const Pages all;
  return all;
}

template <class Check>
void for_every_page(Check check) {
  for (const auto& example : examples::all()) {
    for (const auto locale : kBoth) {
      SCOPED_TRACE(example.name + " " + std::string(tag(locale)));
      check(example, example.render(pages(), locale), locale);
    }
  }
}

TEST(Pages, have_their_ids_exactly_once) {
  for_every_page([](const auto& example, const std::string& html, Locale) {
    for (const auto& id : example.ids) {
      EXPECT_EQ(markup::with_attribute(html, "id", id).size(), 1u) << id;
    }
    std::set<std::string> seen;
    for (const auto& element : markup::read(html)) {
      if (const auto id = element.find("id")) {
        EXPECT_TRUE(seen.insert(*id).second) << *id;
      }
    }
    for (const auto& element : markup::read(html)) {
      for (const auto* reference : {"for", "aria-describedby", "aria-labelledby"}) {
        if (const auto id = element.find(reference)) {
          EXPECT_TRUE(seen.contains(*id)) << *id;
        }
      }
    }
  });
}

TEST(Pages, are_well_formed_documents_in_their_language) {
  for_every_page([](const auto&, const std::string& html, Locale locale) {
    EXPECT_TRUE(html.starts_with("<!DOCTYPE html>\n"));
    EXPECT_EQ(markup::nesting_fault(markup::read(html)), "");
    EXPECT_EQ(markup::read(html).at(1).find("lang"), std::string(tag(locale)));
    EXPECT_EQ(html.find("{{"), std::string::npos);
    EXPECT_EQ(html.find("[["), std::string::npos);
    EXPECT_EQ(html.find("<title> "), std::string::npos);
    std::size_t headings = 0;
    for (const auto& element : markup::read(html)) headings += element.name == "h1" && !element.end;
    EXPECT_EQ(headings, 1u);
  });
}

bool is_asset(const std::string& address) {
  return std::ranges::any_of(assets(), [&](const Asset& a) { return a.path == address; });
}

// The content security policy of pages allows nothing inline and nothing from elsewhere (PK-13,
// XS-01).
TEST(Pages, carry_nothing_inline_and_nothing_foreign) {
  for_every_page([](const auto&, const std::string& html, Locale) {
    for (const auto& element : markup::read(html)) {
      EXPECT_NE(element.name, "style");
      const auto source = element.find("src");
      if (element.name == "script" && !element.end) {
        EXPECT_TRUE(source && is_asset(*source)) << source.value_or("inline");
      }
      if (source && element.name == "img") {
        EXPECT_TRUE(source->starts_with("/")) << *source;
      }
      for (const auto& [name, value] : element.attributes) {
        EXPECT_NE(name, "style");
        EXPECT_FALSE(name.starts_with("on")) << name;
        EXPECT_FALSE(value.starts_with("data:"));
        const bool loads = element.name == "link" && name == "href";
        if (name == "action" && element.find("id") != "form-post") {
          EXPECT_TRUE(value.starts_with("/")) << value;
        }
        if (loads) {
          EXPECT_TRUE(is_asset(value)) << value;
        }
      }
    }
  });
}

std::string only_form_action(const std::string& html) {
  std::string action;
  for (const auto& element : markup::read(html)) {
    if (element.name != "form" || element.end) continue;
    EXPECT_EQ(action, "");
    EXPECT_EQ(element.find("method"), "post");
    action = element.find("action").value_or("");
  }
  return action;
}

std::string hidden(const std::string& html, std::string_view name) {
  for (const auto& element : markup::with_attribute(html, "name", name)) {
    if (element.find("type") == "hidden") return element.find("value").value_or("");
  }
  return {};
}

std::string action_of(const std::string& html, std::string_view id) {
  const auto buttons = markup::with_attribute(html, "id", id);
  if (buttons.size() != 1 || buttons.front().find("type") != "submit") return "no button";
  if (!buttons.front().find("name")) return "";
  EXPECT_EQ(buttons.front().find("name"), "action");
  return buttons.front().find("value").value_or("");
}

TEST(LoginPage, posts_to_login_with_its_transaction) {
  const auto html = pages().login(examples::login(), Locale::en);
  EXPECT_EQ(only_form_action(html), "/login");
  EXPECT_EQ(hidden(html, "txn"), "txn-1");
  EXPECT_EQ(action_of(html, "login-submit"), "");
  EXPECT_EQ(action_of(html, "login-cancel"), "cancel");
  // Enter presses the first submit button.
  EXPECT_LT(html.find("login-submit"), html.find("login-cancel"));
  EXPECT_TRUE(markup::with_attribute(html, "id", "login-cancel").front().find("formnovalidate"));
  EXPECT_EQ(markup::with_attribute(html, "id", "username").front().find("autocomplete"),
            "username");
  EXPECT_EQ(markup::with_attribute(html, "id", "password").front().find("autocomplete"),
            "current-password");
  EXPECT_NE(html.find("<h1 class=\"title\">Sign in</h1>"), std::string::npos);
  EXPECT_NE(html.find("localhost:3000"), std::string::npos);
}

std::vector<std::string> focused(const std::string& html) {
  std::vector<std::string> ids;
  for (const auto& element : markup::read(html)) {
    if (element.find("autofocus")) ids.push_back(element.find("id").value_or("?"));
  }
  return ids;
}

TEST(LoginPage, focuses_what_comes_next) {
  auto view = examples::login();
  EXPECT_EQ(focused(pages().login(view, Locale::en)), std::vector<std::string>{"username"});
  view.username = "ada";
  EXPECT_EQ(focused(pages().login(view, Locale::en)), std::vector<std::string>{"password"});
  view.failed = true;
  EXPECT_EQ(focused(pages().login(view, Locale::en)), std::vector<std::string>{"login-alert"});
  const auto alert = markup::with_attribute(pages().login(view, Locale::en), "role", "alert");
  ASSERT_EQ(alert.size(), 1u);
  EXPECT_EQ(alert.front().find("tabindex"), "-1");
}

TEST(LoginPage, says_how_long_to_wait) {
  auto view = examples::login();
  view.wait_seconds = 45;
  EXPECT_NE(pages().login(view, Locale::en).find("try again in 45 s."), std::string::npos);
  view.wait_seconds = 61;
  EXPECT_NE(pages().login(view, Locale::de).find("In 2 min können"), std::string::npos);
}

// PW-01: the page tells nobody why a login failed; what differs is what was typed, nothing else.
TEST(LoginPage, PW_01_one_failure_message) {
  auto one = examples::login();
  one.failed = true;
  one.username = "ada";
  auto other = one;
  other.username = "nobody";
  auto expected = pages().login(one, Locale::en);
  expected.replace(expected.find("value=\"ada\""), 11, "value=\"nobody\"");
  EXPECT_EQ(pages().login(other, Locale::en), expected);
}

TEST(ConsentPage, posts_each_decision) {
  const auto html = pages().consent(examples::consent(), Locale::en);
  EXPECT_EQ(only_form_action(html), "/consent");
  EXPECT_EQ(hidden(html, "txn"), "txn-1");
  EXPECT_EQ(action_of(html, "consent-approve"), "approve");
  EXPECT_EQ(action_of(html, "consent-deny"), "deny");
  EXPECT_EQ(action_of(html, "consent-switch"), "switch");
}

TEST(ConsentPage, names_every_scope_once) {
  const auto html = pages().consent(examples::consent(), Locale::en);
  for (const std::string words :
       {"<li>your user name</li>", "<li>your email address</li>", "<li>your first name</li>",
        "<li>your last name</li>", "<li>your phone number</li>", "<code>calendar:read</code>"}) {
    const auto at = html.find(words);
    EXPECT_NE(at, std::string::npos) << words;
    EXPECT_EQ(html.find(words, at + 1), std::string::npos) << words;
  }
}

// CI-27: whoever consents sees who asks, where it leads, and that nobody vouches for it.
TEST(ConsentPage, CI_27_shows_who_asks) {
  auto view = examples::consent();
  const auto shown = pages().consent(view, Locale::en);
  for (const auto* words :
       {"Demo client", "localhost:3000", "An app on this device", "Not verified"}) {
    EXPECT_NE(shown.find(words), std::string::npos) << words;
  }
  view.client.unverified = false;
  view.client.on_this_device = false;
  const auto plain = pages().consent(view, Locale::en);
  EXPECT_EQ(plain.find("An app on this device"), std::string::npos);
  EXPECT_EQ(plain.find("Not verified"), std::string::npos);
}

TEST(LogoutPage, asks_before_it_ends_a_session) {
  const auto html = pages().logout({.csrf = "csrf-1", .person = "ada"}, Locale::en);
  EXPECT_EQ(only_form_action(html), "/logout");
  EXPECT_EQ(hidden(html, "csrf"), "csrf-1");
  EXPECT_EQ(action_of(html, "logout-confirm"), "confirm");
  EXPECT_EQ(action_of(html, "logout-cancel"), "cancel");
}

TEST(LoggedOutPage, says_so) {
  EXPECT_NE(pages().logged_out({}, Locale::en).find(">You are signed out</h1>"), std::string::npos);
}

TEST(ErrorPage, shows_code_description_and_request) {
  auto view = examples::error("invalid_redirect_uri");
  const auto html = pages().error(view, Locale::de);
  EXPECT_NE(html.find("<code id=\"error-code\">invalid_redirect_uri</code>"), std::string::npos);
  EXPECT_NE(html.find(view.description), std::string::npos);
  EXPECT_NE(html.find(view.request_id), std::string::npos);
  EXPECT_NE(html.find("zurück zu Demo client"), std::string::npos);

  view.explain_url.clear();
  view.client_name.clear();
  const auto bare = pages().error(view, Locale::de);
  EXPECT_TRUE(markup::with_attribute(bare, "id", "explain").empty());
  EXPECT_EQ(bare.find("zurück zu"), std::string::npos);
}

TEST(ErrorPage, tells_each_kind_of_fault_apart) {
  std::set<std::string> leads;
  for (const std::string code : {"invalid_request", "temporarily_unavailable", "server_error",
                                 "too_many_requests", "not_found", "forbidden"}) {
    const auto html = pages().error({.code = code, .description = "d"}, Locale::en);
    const auto at = html.find("<p class=\"lead\">");
    ASSERT_NE(at, std::string::npos) << code;
    EXPECT_EQ(html.find("<p class=\"lead\">", at + 1), std::string::npos) << code;
    leads.insert(html.substr(at, html.find("</p>", at) - at));
  }
  EXPECT_EQ(leads.size(), 6u);
}

TEST(Pages, every_message_has_a_german_translation) {
  const Catalogue german(Locale::de);
  std::size_t count = 0;
  for (const auto& [name, source] : template_sources()) {
    for (const auto& msgid : find_messages(source)) {
      EXPECT_TRUE(german.find(msgid)) << name << ": " << msgid;
      ++count;
    }
  }
  EXPECT_GT(count, 60u);
  EXPECT_FALSE(german.find("a message that nobody wrote"));
}

// A name that the view doesn't set renders as nothing, silently: so every name of every template is
// looked up in what the view sets.
void expect_names_are_set(const std::string& text, const Values& values) {
  using Data = kainjow::mustache::data;
  std::vector<const Data*> scopes{&values};
  const auto lookup = [&](const std::string& name) -> const Data* {
    for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
      if (const auto* found = (*scope)->get(name)) return found;
    }
    return nullptr;
  };
  for (auto at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 2)) {
    auto name = text.substr(at + 2, text.find("}}", at) - at - 2);
    const char kind = name.front();
    if (kind == '#' || kind == '^' || kind == '/') name.erase(0, 1);
    const auto* found = lookup(name);
    ASSERT_TRUE(found) << name;
    const bool list = found->is_non_empty_list();
    if (kind == '#') scopes.push_back(list ? &found->list_value().front() : scopes.back());
    if (kind == '^') scopes.push_back(scopes.back());
    if (kind == '/') scopes.pop_back();
  }
  EXPECT_EQ(scopes.size(), 1u);
}

TEST(Pages, set_every_name_that_their_templates_use) {
  const std::vector<std::pair<std::string, Values>> all{
      {"login", login_values({})},
      {"sign_up", sign_up_values({})},
      {"account", account_values({})},
      {"consent", consent_values(examples::consent())},
      {"device_entry", device_entry_values({})},
      {"device_confirm", device_confirm_values(examples::device_confirm())},
      {"device_done", device_done_values({})},
      {"error", error_values({})},
      {"restart", error_values({})},
      {"explain", explain_values({})},
      {"form_post", form_post_values(examples::form_post())},
      {"logout", logout_values({})},
      {"logout_frames", logout_frames_values(examples::logout_frames())},
      {"logged_out", logged_out_values({})},
      {"home", home_values({})}};
  for (auto [page, values] : all) {
    SCOPED_TRACE(page);
    set_frame_values(values, Locale::en);
    expect_names_are_set(page_text(page), values);
  }
}

TEST(Pages, render_on_several_threads_at_once) {
  const auto expected = pages().consent(examples::consent(), Locale::de);
  std::vector<std::jthread> threads;
  std::array<int, 4> same{};
  for (auto& count : same) {
    threads.emplace_back([&count, &expected] {
      for (int i = 0; i < 50; ++i) {
        count += pages().consent(examples::consent(), Locale::de) == expected;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(same, (std::array{50, 50, 50, 50}));
}

}  // namespace
}  // namespace claviger::pages
