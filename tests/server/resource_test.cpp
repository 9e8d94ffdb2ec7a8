// Resource indicators and audiences (RFC8707, C11.6), and what resources say of themselves
// (RFC9728).
#include "tests/server/relying_party.hpp"

namespace claviger::test {
namespace {

class ResourceIndicators : public RelyingParty {
 protected:
  static std::string audience(const http::Response& response) {
    const auto jwt = crypto::peek_jws(text_of(response, "access_token"));
    return jwt ? boost::json::serialize(jwt->payload.at("aud")) : response.body;
  }
  static Form also(Form form, std::string_view resource) {
    form.add("resource", resource);
    return form;
  }
  // A code for both resources.
  std::string code_for_both() {
    Browser browser(site);
    const auto asked = also(also(request("openid email"), kFilesResource), kApiResource);
    return parameter(sign_in(browser, asked), "code");
  }
};

TEST_F(ResourceIndicators, C11_6_without_a_resource_the_audience_is_the_issuer) {  // C11.6
  EXPECT_EQ(audience(issue("openid")), R"("http://localhost:2003")");
}

TEST_F(ResourceIndicators, C11_6_the_audience_is_exactly_what_was_asked_for) {  // C11.6, RFC8707-2
  EXPECT_EQ(audience(issue(also(request("openid"), kApiResource))),
            R"("https://api.example.com/v1")");
  EXPECT_EQ(audience(site.post("/token", code_form(code_for_both()))),
            R"(["http://localhost:2003/files","https://api.example.com/v1"])");
}

// C11.6: a token for somebody else opens nothing here.
TEST_F(ResourceIndicators, C11_6_our_own_calls_refuse_tokens_for_others) {
  const auto token = text_of(issue(also(request("openid email"), kApiResource)), "access_token");
  const auto refused = site.api(token);
  EXPECT_EQ(refused.status, 401u);
  EXPECT_EQ(reason_of(refused), "access_token.audience");
  EXPECT_EQ(userinfo(token).status, 401u);
}

// RFC8707-2.2: each token for one of what was granted, none for anything else.
TEST_F(ResourceIndicators, C11_6_redeeming_and_refreshing_may_narrow_and_never_add) {
  const auto narrowed = site.post("/token", also(code_form(code_for_both()), kApiResource));
  EXPECT_EQ(audience(narrowed), R"("https://api.example.com/v1")");
  const auto refresh = tokens_of(narrowed).refresh;
  const auto wider = site.post("/token", also(refresh_form(refresh), "https://evil.example"));
  EXPECT_EQ(wider.status, 400u);
  EXPECT_EQ(text_of(wider, "error"), "invalid_target");
  // What was granted is still all there, although the last token was for less.
  const auto other = site.post("/token", also(refresh_form(refresh), kFilesResource));
  EXPECT_EQ(audience(other), R"("http://localhost:2003/files")");
  const auto all = site.post("/token", refresh_form(tokens_of(other).refresh));
  EXPECT_EQ(audience(all), R"(["http://localhost:2003/files","https://api.example.com/v1"])");
}

TEST_F(ResourceIndicators, RFC8707_a_code_without_resources_gets_no_others) {  // RFC8707-2.2
  Browser browser(site);
  const auto code = parameter(sign_in(browser, request("openid")), "code");
  const auto refused = site.post("/token", also(code_form(code), kApiResource));
  EXPECT_EQ(text_of(refused, "error"), "invalid_target");
  // The refusal did not cost the code.
  EXPECT_EQ(audience(site.post("/token", also(code_form(code), kIssuer))),
            R"("http://localhost:2003")");
}

TEST_F(ResourceIndicators, RFC8707_an_unknown_resource_is_refused_at_the_start) {  // RFC8707-2
  Browser browser(site);
  const auto answer = browser.get(authorize_url(also(request("openid"), "https://evil.example")));
  EXPECT_EQ(parameter(location_of(answer), "error"), "invalid_target");
}

// RFC9728-3, RFC9728-2
TEST_F(ResourceIndicators, the_documents_are_where_clients_look) {
  const auto own = site.get("/.well-known/oauth-protected-resource");
  EXPECT_EQ(own.status, 200u);
  EXPECT_EQ(own.content_type, "application/json");
  EXPECT_EQ(text_of(own, "resource"), kIssuer);
  EXPECT_EQ(own.headers.find("access-control-allow-origin"), "*");
  EXPECT_TRUE(own.headers.find("etag").has_value());
  const auto files = site.get("/.well-known/oauth-protected-resource/files");
  EXPECT_EQ(text_of(files, "resource"), kFilesResource);
  EXPECT_EQ(boost::json::serialize(json_of(files).at("authorization_servers")),
            R"(["http://localhost:2003"])");
  EXPECT_EQ(site.get("/.well-known/oauth-protected-resource/v1").status, 404u);
  const auto metadata = json_of(site.get("/.well-known/openid-configuration"));
  EXPECT_EQ(boost::json::serialize(metadata.at("protected_resources")),
            R"(["http://localhost:2003","http://localhost:2003/files",)"
            R"("https://api.example.com/v1"])");
}

}  // namespace
}  // namespace claviger::test
