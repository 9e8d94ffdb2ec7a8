// What strangers wrote (client names, user names, login hints) is text on our pages, never markup.
#include <gtest/gtest.h>

#include "example_views.hpp"
#include "markup.hpp"

namespace claviger::pages {
namespace {

const Pages& pages() {
  static const Pages all;
  return all;
}

const std::string kHostile =
    R"("' autofocus onfocus=alert(1) ><script src=//evil.example>x</script>{{person}}&lt;)";
const std::string kEscaped =
    "&quot;&apos; autofocus onfocus=alert(1) &gt;&lt;script src=//evil.example&gt;x&lt;/script&gt;"
    "{{person}}&amp;lt;";

// The hostile page has exactly the elements and attributes of the harmless one, and shows the text.
void expect_text_only(const std::string& hostile, const std::string& harmless, int times) {
  EXPECT_EQ(markup::skeleton(hostile), markup::skeleton(harmless));
  int found = 0;
  for (auto at = hostile.find(kEscaped); at != std::string::npos;
       at = hostile.find(kEscaped, at + 1)) {
    ++found;
  }
  EXPECT_EQ(found, times);
}

// XS-01: client name and scope text. XS-02: the login hint.
TEST(Escaping, XS_01_XS_02_login) {
  auto view = examples::failed_login();
  const auto harmless = pages().login(view, Locale::en);
  view.txn = view.username = view.client.name = view.client.redirect_host = kHostile;
  expect_text_only(pages().login(view, Locale::en), harmless, 4);
}

TEST(Escaping, XS_01_consent) {
  auto view = examples::consent();
  const auto harmless = pages().consent(view, Locale::de);
  view.client.name = view.client.redirect_host = view.person = view.txn = kHostile;
  view.scopes.back().name = kHostile;
  expect_text_only(pages().consent(view, Locale::de), harmless, 5);
}

TEST(Escaping, XS_02_error_and_restart) {
  auto view = examples::error("invalid_request");
  const auto harmless = pages().error(view, Locale::de);
  const auto harmless_restart = pages().restart(view, Locale::de);
  view.code = view.description = view.client_name = view.request_id = kHostile;
  expect_text_only(pages().error(view, Locale::de), harmless, 4);
  expect_text_only(pages().restart(view, Locale::de), harmless_restart, 4);
}

TEST(Escaping, XS_01_explain) {
  auto view = examples::explain();
  const auto harmless = pages().explain(view, Locale::en);
  view.expected = view.came = view.client_id = view.endpoint = view.when = kHostile;
  expect_text_only(pages().explain(view, Locale::en), harmless, 5);
}

TEST(Escaping, XS_01_logout_and_home) {
  const auto harmless = pages().logout({.csrf = "c", .person = "ada"}, Locale::en);
  expect_text_only(pages().logout({.csrf = kHostile, .person = kHostile}, Locale::en), harmless, 2);
  HomeView view{.issuer = "i", .person = "ada", .loopback = true};
  const auto home = pages().home(view, Locale::en);
  view.issuer = view.person = kHostile;
  expect_text_only(pages().home(view, Locale::en), home, 2);
}

// XS-01: an address that isn't a path or http(s) is no link.
TEST(Escaping, XS_01_no_script_addresses) {
  for (const std::string address :
       {"javascript:alert(1)", "data:text/html,x", "//evil.example/", ""}) {
    auto error = examples::error("invalid_request");
    error.explain_url = address;
    EXPECT_TRUE(markup::with_attribute(pages().error(error, Locale::en), "id", "explain").empty());
    auto explain = examples::explain();
    explain.clause_url = address;
    EXPECT_TRUE(
        markup::with_attribute(pages().explain(explain, Locale::en), "href", address).empty());
    const HomeView home{.issuer = "i", .demo_client_url = address, .loopback = true};
    EXPECT_TRUE(
        markup::with_attribute(pages().home(home, Locale::en), "id", "demo-client").empty());
  }
}

}  // namespace
}  // namespace claviger::pages
