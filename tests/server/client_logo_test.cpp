// The pictures of clients: fetched once, kept, served from here.
#include "tests/server/registration_world.hpp"

namespace claviger::test {
namespace {

// DC-08: fetched once, by its bytes a picture, served from here and by no link.
TEST_F(Registration, DC_08_logos_are_served_from_here) {
  const std::string address = "https://app.example/logo";
  web[address] = {200, kPng};
  const auto wanted = plus(kPlain, "logo_uri", json::value(address));
  const auto made = registered(wanted);
  EXPECT_EQ(asked, std::vector<std::string>{address});
  EXPECT_TRUE(stored(made.id).metadata.has_logo);
  const auto logo = site->get("/logo?client_id=" + made.id);
  EXPECT_EQ(logo.status, 200u);
  EXPECT_EQ(logo.content_type, "image/png");
  EXPECT_EQ(logo.body, kPng);
  EXPECT_EQ(logo.headers.find("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(logo.headers.find("Content-Security-Policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(logo.headers.find("Cross-Origin-Resource-Policy"), "same-origin");
  EXPECT_EQ(asked.size(), 1u);

  // The same address again: nothing is fetched. Another one: that one, or none.
  auto mine = plus(wanted, "client_id", json::value(made.id));
  EXPECT_EQ(send(http::Method::put, made.target, made.token, mine).status, 200u);
  EXPECT_EQ(asked.size(), 1u);
  mine["logo_uri"] = "https://app.example/other";
  EXPECT_EQ(send(http::Method::put, made.target, made.token, mine).status, 200u);
  EXPECT_EQ(asked.size(), 2u);
  EXPECT_FALSE(stored(made.id).metadata.has_logo);
  EXPECT_EQ(site->get("/logo?client_id=" + made.id).status, 404u);
}

TEST_F(Registration, DC_08_what_is_no_picture_is_left_out_and_spoils_nothing) {
  const std::string address = "https://app.example/logo";
  const std::string webp = "RIFF" + std::string(4, 'x') + "WEBPVP8 ";
  const std::pair<std::pair<int, std::string>, bool> pages[] = {
      {{200, kPng}, true},
      {{200, "\xff\xd8\xff\xe0jfif"}, true},
      {{200, webp}, true},
      {{200, kPng + std::string(100 * 1024 - kPng.size(), 'x')}, true},
      {{200, kPng + std::string(100 * 1024 + 1 - kPng.size(), 'x')}, false},
      {{200, "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"}, false},
      {{200, "GIF89a"}, false},
      {{200, "RIFFxxxxWAVE"}, false},
      {{200, ""}, false},
      {{404, kPng}, false},
  };
  for (const auto& [page, kept] : pages) {
    web[address] = page;
    const auto made = registered(plus(kPlain, "logo_uri", json::value(address)));
    EXPECT_EQ(stored(made.id).metadata.has_logo, kept) << page.second.substr(0, 8);
    EXPECT_EQ(site->get("/logo?client_id=" + made.id).status, kept ? 200u : 404u);
    EXPECT_EQ(made.members.at("logo_uri"), json::value(address));
  }
  EXPECT_EQ(site->get("/logo").status, 404u);
}

TEST_F(Registration, DC_08_a_logo_goes_with_its_client) {
  const std::string address = "https://app.example/logo";
  web[address] = {200, kPng};
  const auto made = registered(plus(kPlain, "logo_uri", json::value(address)));
  operate("client.rm", {{"client_id", made.id}});
  EXPECT_EQ(site->get("/logo?client_id=" + made.id).status, 404u);
}

// The consent page shows it by a path of ours.
TEST_F(Registration, DC_08_pages_show_the_logo_by_a_path_of_ours) {
  const std::string address = "https://tracker.example/logo.png";
  web[address] = {200, kPng};
  auto wanted = plus(kPlain, "logo_uri", json::value(address));
  wanted["policy_uri"] = "https://app.example/policy";
  const auto made = registered(wanted);
  site->register_demo();
  Browser browser(*site);
  const auto request = with(with(authorize_request(), "client_id", made.id), "redirect_uri", kApp);
  const auto page = browser.get(location_of(browser.get(authorize_url(request))));
  ASSERT_EQ(page.status, 200u) << reason_of(page);
  EXPECT_NE(page.body.find("/logo?client_id=" + made.id), std::string::npos);
  EXPECT_EQ(page.body.find("tracker.example"), std::string::npos);
}

}  // namespace
}  // namespace claviger::test
