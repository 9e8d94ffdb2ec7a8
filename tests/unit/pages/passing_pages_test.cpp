// The pages that pass a browser on, and the scripts that do it.
#include <gtest/gtest.h>

#include "example_views.hpp"
#include "markup.hpp"

namespace claviger::pages {
namespace {

const Pages& pages() {
  static const Pages all;
  return all;
}

std::string_view script(std::string_view name) {
  for (const auto& asset : assets()) {
    if (asset.path.find("/" + std::string(name) + ".") != std::string_view::npos) return asset.body;
  }
  return {};
}

std::vector<markup::Element> named(const std::string& html, std::string_view name) {
  std::vector<markup::Element> found;
  for (auto& element : markup::read(html)) {
    if (element.name == name && !element.end) found.push_back(std::move(element));
  }
  return found;
}

// C5.16, OIDCFP-2: one form that sends itself, and a button for whoever runs no scripts.
TEST(FormPostPage, C5_16_holds_one_form_with_every_field) {
  const auto html = pages().form_post(examples::form_post(), Locale::en);
  const auto forms = named(html, "form");
  ASSERT_EQ(forms.size(), 1u);
  EXPECT_EQ(forms.front().find("id"), "form-post");
  EXPECT_EQ(forms.front().find("method"), "post");
  EXPECT_EQ(forms.front().find("action"), "https://app.example/callback");
  std::vector<std::pair<std::string, std::string>> fields;
  for (const auto& input : named(html, "input")) {
    EXPECT_EQ(input.find("type"), "hidden");
    fields.emplace_back(*input.find("name"), *input.find("value"));
  }
  EXPECT_EQ(fields, examples::form_post().fields);
  const auto noscript = html.substr(html.find("<noscript>"));
  EXPECT_NE(noscript.substr(0, noscript.find("</noscript>")).find("<button"), std::string::npos);
  // A button's own name would be sent along.
  for (const auto& button : named(html, "button")) EXPECT_FALSE(button.find("name"));
  ASSERT_EQ(named(html, "script").size(), 1u);
  EXPECT_GT(html.find("<script"), html.find("</form>")) << "the form is there when it runs";
}

// XS-03: values stay values; the form leads to the web alone.
TEST(FormPostPage, XS_03_values_can_not_leave_their_attribute) {
  auto view = examples::form_post();
  const auto harmless = pages().form_post(view, Locale::en);
  const std::string hostile = R"("'><script>alert(1)</script>&quot; onx=")";
  view.action = "https://app.example/cb?x=" + hostile;
  for (auto& [name, value] : view.fields) name = value = hostile;
  EXPECT_EQ(markup::skeleton(pages().form_post(view, Locale::en)), markup::skeleton(harmless));
  for (const std::string action : {"javascript:alert(1)", "data:text/html,x", "/login", "",
                                   "JAVASCRIPT:alert(1)", " https://app.example"}) {
    view.action = action;
    EXPECT_THROW(pages().form_post(view, Locale::en), std::invalid_argument) << action;
  }
}

// C15.5, OIDCFC-3: every address in a frame of its own, then on.
TEST(LogoutFramesPage, C15_5_frames_every_client_and_knows_where_to_go_on) {
  const auto html = pages().logout_frames(examples::logout_frames(), Locale::en);
  const auto frames = named(html, "iframe");
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].find("src"), "https://app.example/out?iss=i&amp;sid=s");
  for (const auto& frame : frames) {
    // No navigation of the whole window, no pop-up, no dialogue.
    EXPECT_EQ(frame.find("sandbox"), "allow-scripts allow-same-origin allow-forms");
    EXPECT_TRUE(frame.find("hidden"));
    EXPECT_TRUE(frame.find("title"));
  }
  EXPECT_EQ(markup::with_attribute(html, "id", "logout-next").front().find("href"), "/logout/done");
  EXPECT_LT(html.find("<script"), html.find("<iframe")) << "it must see the frames load";
  EXPECT_TRUE(named(html, "form").empty());
}

// RFC8252-7.1: an app may have a scheme of its own, which is a domain name reversed.
TEST(LogoutFramesPage, XS_01_leads_nowhere_that_executes) {
  const auto next = [](const std::string& address) {
    const auto html = pages().logout_frames({.frames = {}, .next = address}, Locale::en);
    return *markup::with_attribute(html, "id", "logout-next").front().find("href");
  };
  EXPECT_EQ(next("https://app.example/bye?state=x"), "https://app.example/bye?state=x");
  EXPECT_EQ(next("com.example.app:/bye"), "com.example.app:/bye");
  EXPECT_EQ(next("/authorize?txn=t"), "/authorize?txn=t");
  for (const std::string bad : {"javascript:alert(1)//a.b", "data:text/html,a.b", "//evil.example",
                                "vbscript:x", "", "evil.example/x:y"}) {
    EXPECT_EQ(next(bad), "/logout/done") << bad;
  }
  const auto html = pages().logout_frames(
      {.frames = {"javascript:alert(1)", "https://ok.example/"}, .next = "/"}, Locale::en);
  EXPECT_EQ(named(html, "iframe").size(), 1u);
}

TEST(LoggedOutPage, leads_back_to_the_app) {
  const auto html =
      pages().logged_out({.client_name = "Notes", .return_to = "https://n.example/"}, Locale::en);
  EXPECT_EQ(markup::with_attribute(html, "id", "return").front().find("href"),
            "https://n.example/");
  EXPECT_NE(html.find("Back to Notes"), std::string::npos);
  EXPECT_NE(html.find("You are signed out"), std::string::npos);
  const auto bad = pages().logged_out({.return_to = "javascript:alert(1)"}, Locale::en);
  EXPECT_TRUE(markup::with_attribute(bad, "id", "return").empty());
}

TEST(LogoutPage, names_the_app_that_asked) {
  const auto html = pages().logout(
      {.csrf = "c", .person = "ada", .txn = "txn-1", .client_name = "Notes"}, Locale::en);
  EXPECT_NE(html.find("Notes asks whether you want to sign out."), std::string::npos);
  EXPECT_EQ(markup::with_attribute(html, "name", "txn").front().find("value"), "txn-1");
  const auto plain = pages().logout({.csrf = "c", .person = "ada"}, Locale::en);
  EXPECT_TRUE(markup::with_attribute(plain, "name", "txn").empty());
  EXPECT_EQ(plain.find("asks whether"), std::string::npos);
}

// SE-07, OIDCSM-4.2: what every site may frame holds nothing that is worth framing.
TEST(CheckSessionFrame, SE_07_holds_no_form_link_or_data) {
  const auto html = pages().check_session("__Host-claviger-state");
  for (const auto* name : {"form", "a", "link", "iframe", "input", "button", "img"}) {
    EXPECT_TRUE(named(html, name).empty()) << name;
  }
  const auto scripts = named(html, "script");
  ASSERT_EQ(scripts.size(), 1u);
  EXPECT_EQ(scripts.front().find("data-cookie"), "__Host-claviger-state");
  EXPECT_TRUE(scripts.front().find("src")->starts_with("/assets/check_session."));
  EXPECT_EQ(markup::nesting_fault(markup::read(html)), "");
  EXPECT_NE(html.find("<body></body>"), std::string::npos);
}

// For HtmlUnit and the oldest of browsers: nothing newer than ES5, nothing that a page's policy
// stops.
TEST(Scripts, C5_16_are_plain_old_javascript) {
  for (const std::string name : {"form_post", "logout_frames", "check_session"}) {
    const std::string body(script(name));
    ASSERT_FALSE(body.empty()) << name;
    for (const std::string word :
         {"=>", "let ", "const ", "class ", "`", "import ", "fetch(", "Promise", "async ", "eval(",
          "Function(", "innerHTML", "document.write", "crypto.subtle."}) {
      EXPECT_EQ(body.find(word), std::string::npos) << name << " " << word;
    }
    EXPECT_NE(body.find("'use strict';"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace claviger::pages
