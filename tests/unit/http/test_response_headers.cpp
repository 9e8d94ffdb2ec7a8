// What each kind of body says about framing, forms and scripts.
#include "http/response_headers.hpp"

#include <gtest/gtest.h>

namespace claviger::http {
namespace {

Response with_headers(Surface surface, std::vector<std::string> frame_origins = {}) {
  auto response = html_response(200, "<p>", surface);
  response.frame_origins = std::move(frame_origins);
  add_security_headers(response, false);
  return response;
}

std::string field(const Response& response, std::string_view name) {
  return std::string(response.headers.find(name).value_or("(none)"));
}
std::string policy(const Response& response) { return field(response, "Content-Security-Policy"); }

// SE-07: nobody frames our pages.
TEST(Surfaces, SE_07_pages_are_never_framed) {
  for (const auto surface : {Surface::page, Surface::page_to_client, Surface::page_with_frames}) {
    const auto response = with_headers(surface);
    EXPECT_NE(policy(response).find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(field(response, "X-Frame-Options"), "DENY");
    EXPECT_EQ(field(response, "Cross-Origin-Resource-Policy"), "same-origin");
  }
}

// SE-07: the page that tells clients of a sign-out frames exactly their origins (OIDCFC-3).
TEST(Surfaces, SE_07_frames_exactly_the_logout_origins) {
  const auto response =
      with_headers(Surface::page_with_frames, {"https://app.example", "http://localhost:3000"});
  EXPECT_EQ(policy(response),
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src "
            "'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action "
            "'none'; frame-src https://app.example http://localhost:3000");
  EXPECT_TRUE(policy(with_headers(Surface::page_with_frames)).ends_with("; frame-src 'none'"));
  EXPECT_EQ(policy(with_headers(Surface::page, {"https://app.example"})).find("frame-src"),
            std::string::npos);
}

// XS-08, RFC6454-6.2: an origin can add neither a directive nor a wider source.
TEST(Surfaces, XS_08_what_is_no_origin_is_not_framed) {
  for (const std::string bad :
       {"https://app.example; script-src *", "https://app.example *", "https://*", "https:", "*",
        "https://app.example,x", "https://", "javascript:x", "https://app.example/path",
        "https://a\r\nb", "'self'", ""}) {
    const auto response = with_headers(Surface::page_with_frames, {bad, "https://ok.example"});
    EXPECT_TRUE(policy(response).ends_with("; frame-src https://ok.example")) << bad;
  }
}

// SE-07, OIDCSM-4.2: the one document that every site may frame.
TEST(Surfaces, SE_07_only_the_session_frame_may_be_framed) {
  const auto response = with_headers(Surface::frame);
  EXPECT_EQ(policy(response),
            "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'");
  EXPECT_EQ(field(response, "X-Frame-Options"), "(none)");
  EXPECT_EQ(field(response, "Cross-Origin-Resource-Policy"), "cross-origin");
  EXPECT_EQ(field(response, "X-Content-Type-Options"), "nosniff");
}

// CI-30, OIDCFP-2: a browser checks form-action at every later hop, and the hop ends at a client.
TEST(Surfaces, only_pages_that_lead_to_clients_leave_forms_open) {
  EXPECT_TRUE(policy(with_headers(Surface::page)).ends_with("; form-action 'self'"));
  EXPECT_EQ(policy(with_headers(Surface::page_to_client)).find("form-action"), std::string::npos);
}

}  // namespace
}  // namespace claviger::http
