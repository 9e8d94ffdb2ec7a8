#include "http/router.hpp"

#include <gtest/gtest.h>

#include "base/reasons/http.hpp"
#include "base/text.hpp"
#include "tests/support/fixed_clock.hpp"
#include "tests/support/null_log.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/scripted_random.hpp"

namespace claviger::http {
namespace {

using test::run_task;

Task<Response> hello(const Request& request) {
  co_return json_response(200, {{"method", request.method_text}, {"body", request.body}});
}
Task<Response> page(const Request&) { co_return html_response(200, "<p>", Surface::page); }
Task<Response> client_page(const Request&) {
  co_return html_response(200, "<p>", Surface::page_to_client);
}
Task<Response> throws(const Request& request) {
  if (request.query == "later") throw TemporarilyUnavailable("the disk is full");
  if (request.query == "odd") throw 7;
  throw std::runtime_error("no such column");
}
Task<Response> splits(const Request&) {
  auto response = json_response(200, {{"a", 1}});
  response.headers.add("X-Note", "a\r\nSet-Cookie: sid=evil");
  co_return response;
}

class RouterTest : public testing::Test {
 protected:
  RouterTest() { add_routes(make({.hosts = {"localhost:2003", "127.0.0.1:2003"}})); }

  Router& make(RouterOptions options) {
    router_.emplace(std::move(options), clock_, random_, log_, refusals_, limiter_);
    return *router_;
  }
  static void add_routes(Router& router) {
    router.add({Method::get, "/hello", hello});
    router.add({Method::post, "/token", hello, Body::form, 1000, Cors::bearer, Cache::no_store,
                RateClass::token});
    router.add({Method::post, "/either", hello, Body::form_or_json});
    router.add({Method::post, "/json", hello, Body::json});
    router.add({Method::post, "/ignored", hello, Body::ignored});
    router.add({Method::get, "/jwks", hello, Body::none, 0, Cors::any_origin, Cache::revalidate});
    router.add({Method::get, "/app.css", hello, Body::none, 0, Cors::never, Cache::immutable});
    router.add({.method = Method::get,
                .path = "/authorize",
                .handler = client_page,
                .html = true,
                .cross_site_post = true});
    router.add({.method = Method::post,
                .path = "/authorize",
                .handler = client_page,
                .body = Body::form,
                .html = true,
                .cross_site_post = true});
    router.add({.method = Method::post,
                .path = "/login",
                .handler = page,
                .body = Body::form,
                .rate = RateClass::login,
                .html = true});
    router.add({.method = Method::get, .path = "/throws", .handler = throws});
    router.add({.method = Method::get, .path = "/splits", .handler = splits});
  }
  static Request request(Method method, std::string path, std::string body = "",
                         std::string type = "") {
    Request out;
    out.method = method;
    out.method_text = to_string(method);
    out.path = std::move(path);
    out.body = std::move(body);
    out.peer = out.client_ip = "192.0.2.1";
    out.headers.add("Host", "localhost:2003");
    if (!type.empty()) out.headers.add("Content-Type", type);
    return out;
  }
  static Request with(Request out, std::string name, std::string value) {
    out.headers.set(name, std::move(value));
    return out;
  }
  Response serve(Request given) { return run_task(router_->serve(std::move(given))); }
  static std::string field(const Response& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or("(absent)"));
  }
  static std::string_view reason(const Response& response) {
    return response.refusal ? response.refusal->reason->id : "(none)";
  }

  test::FixedClock clock_;
  test::ScriptedRandom random_;
  test::KeptLog log_;
  Refusals refusals_;
  RateLimiter limiter_{Rates{}};
  std::optional<Router> router_;
};

constexpr auto kForm = "application/x-www-form-urlencoded";

TEST_F(RouterTest, answers_and_marks_the_answer) {
  const auto response = serve(request(Method::get, "/hello"));
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(field(response, "Cache-Control"), "no-store");
  EXPECT_EQ(field(response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "(absent)");
  EXPECT_EQ(field(response, "Strict-Transport-Security"), "(absent)");
  const auto id = field(response, "X-Request-Id");
  EXPECT_TRUE(id.starts_with('a'));
  EXPECT_GE(id.size(), 17u);
}

TEST_F(RouterTest, request_ids_differ_and_begin_with_the_node) {
  auto& router = make({.node = "n7-"});
  std::vector<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    ids.push_back(router.new_request_id());
    ids.push_back(field(serve(request(Method::get, "/hello")), "X-Request-Id"));
  }
  for (const auto& id : ids) EXPECT_TRUE(id.starts_with("n7-"));
  std::ranges::sort(ids);
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
}

// RFC9110-15.5.5
TEST_F(RouterTest, unknown_path) {
  const auto response = serve(request(Method::get, "/nothing"));
  EXPECT_EQ(response.status, 404u);
  EXPECT_EQ(reason(response), "http.not_found");
  for (const auto* path : {"/hello/", "/Hello", "/%68ello", "//hello", "/hello/../hello", ""})
    EXPECT_EQ(serve(request(Method::get, path)).status, 404u) << path;
}

// TE-01: the token endpoint answers POST and the preflight alone (RFC9110-15.5.6).
TEST_F(RouterTest, TE_01_wrong_method) {
  for (const auto method : {Method::get, Method::head, Method::put, Method::delete_}) {
    const auto response = serve(request(method, "/token"));
    EXPECT_EQ(response.status, 405u) << to_string(method);
    EXPECT_EQ(field(response, "Allow"), "POST, OPTIONS");
    EXPECT_EQ(field(response, "Cache-Control"), "no-store");
  }
  EXPECT_EQ(field(serve(request(Method::post, "/hello")), "Allow"), "GET, HEAD");
  EXPECT_EQ(serve(request(Method::head, "/hello")).status, 200u);
}

// HT-13, RFC9110-15.5.20
TEST_F(RouterTest, HT_13_foreign_host) {
  for (const auto* host :
       {"evil", "localhost", "localhost:2004", "localhost:2003.", "xlocalhost:2003"}) {
    const auto response = serve(with(request(Method::get, "/hello"), "Host", host));
    EXPECT_EQ(response.status, 421u) << host;
    EXPECT_EQ(reason(response), "http.misdirected");
  }
  EXPECT_EQ(serve(with(request(Method::get, "/hello"), "Host", "LOCALHOST:2003")).status, 200u);
  EXPECT_EQ(serve(with(request(Method::get, "/hello"), "Host", "127.0.0.1:2003")).status, 200u);
  auto nameless = request(Method::get, "/hello");
  nameless.headers = {};
  EXPECT_EQ(serve(nameless).status, 421u);
  nameless.over_unix_socket = true;
  EXPECT_EQ(serve(nameless).status, 200u);
  add_routes(make({}));
  EXPECT_EQ(serve(with(request(Method::get, "/hello"), "Host", "any")).status, 200u);
}

// TE-02, HT-17: what is not the documented type is never parsed as if it were (RFC9110-15.5.16,
// RFC9110-8.4).
TEST_F(RouterTest, TE_02_media_types) {
  struct Row {
    const char* path;
    const char* type;
    const char* body;
    unsigned status;
  };
  const Row rows[] = {
      {"/token", kForm, "a=1", 200},
      {"/token", "Application/X-WWW-Form-Urlencoded; charset=UTF-8", "a=1", 200},
      {"/token", "application/x-www-form-urlencoded;charset=\"utf-8\"", "a=1", 200},
      {"/token", "", "", 200},
      {"/token", "", "a=1", 415},
      {"/token", "application/json", "{}", 415},
      {"/token", "multipart/form-data; boundary=x", "a=1", 415},
      {"/token", "text/plain", "a=1", 415},
      {"/token", "application/x-www-form-urlencoded, application/json", "a=1", 415},
      {"/token", "application/x-www-form-urlencoded; charset=utf-16", "a=1", 415},
      {"/token", "application/x-www-form-urlencoded; charset=iso-2022-jp", "a=1", 415},
      {"/token", "application/x-www-form-urlencoded; charset", "a=1", 415},
      {"/token", "application/x-www-form-urlencoded; charset=utf-8; charset=utf-7", "a=1", 415},
      {"/token", "application/x-www-form-urlencoded; charset=", "a=1", 415},
      {"/either", kForm, "a=1", 200},
      {"/either", "application/json", "{}", 200},
      {"/either", "", "", 200},
      {"/either", "text/json", "{}", 415},
      {"/json", "application/json; charset=utf-8", "{}", 200},
      {"/json", kForm, "a=1", 415},
      {"/ignored", "image/png", "\x89PNG", 200},
      {"/ignored", "", "x", 200},
  };
  for (const auto& row : rows) {
    const auto response = serve(request(Method::post, row.path, row.body, row.type));
    EXPECT_EQ(response.status, row.status) << row.path << " " << row.type;
  }
  const auto gzip =
      serve(with(request(Method::post, "/token", "a=1", kForm), "Content-Encoding", "gzip"));
  EXPECT_EQ(gzip.status, 415u);
  EXPECT_EQ(reason(gzip), "http.content_coding");
}

// HT-08, HT-12: RFC9110-9.3.1, RFC9110-15.5.14
TEST_F(RouterTest, HT_12_bodies_have_limits) {
  EXPECT_EQ(serve(request(Method::post, "/token", std::string(1000, 'a'), kForm)).status, 200u);
  const auto large = serve(request(Method::post, "/token", std::string(1001, 'a'), kForm));
  EXPECT_EQ(large.status, 413u);
  EXPECT_EQ(reason(large), "http.payload_too_large");
  const auto unexpected = serve(request(Method::get, "/hello", "a=1"));
  EXPECT_EQ(unexpected.status, 400u);
  EXPECT_EQ(reason(unexpected), "http.unexpected_body");
  EXPECT_EQ(router_->body_limit("POST", "/token"), 1000u);
  EXPECT_EQ(router_->body_limit("POST", "/json"), 64u * 1024);
  EXPECT_EQ(router_->body_limit("GET", "/hello"), 0u);
  EXPECT_EQ(router_->body_limit("HEAD", "/hello"), 0u);
  EXPECT_FALSE(router_->body_limit("POST", "/hello"));
  EXPECT_FALSE(router_->body_limit("POST", "/nothing"));
}

// TE-11, CI-32: origins read public documents and APIs, never pages, and never with credentials.
TEST_F(RouterTest, TE_11_cors_by_column) {
  const auto jwks = serve(with(request(Method::get, "/jwks"), "Origin", "https://app.example"));
  EXPECT_EQ(field(jwks, "Access-Control-Allow-Origin"), "*");
  const auto token = serve(request(Method::post, "/token", "a=1", kForm));
  EXPECT_EQ(field(token, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(field(token, "Access-Control-Allow-Credentials"), "(absent)");
  const auto refused = serve(request(Method::post, "/token", "{}", "application/json"));
  EXPECT_EQ(field(refused, "Access-Control-Allow-Origin"), "*") << "a page must see why";
  const auto page_answer = serve(request(Method::get, "/authorize"));
  for (const auto& [name, value] : page_answer.headers)
    EXPECT_FALSE(to_lower_ascii(name).starts_with("access-control-")) << name;
}

TEST_F(RouterTest, CI_32_preflight) {
  const auto token = serve(with(request(Method::options, "/token"), "Origin", "https://a.example"));
  EXPECT_EQ(token.status, 204u);
  EXPECT_EQ(field(token, "Access-Control-Allow-Methods"), "POST");
  EXPECT_EQ(field(token, "Access-Control-Allow-Headers"), "Authorization, Content-Type, DPoP");
  EXPECT_EQ(field(token, "Access-Control-Allow-Origin"), "*");
  const auto jwks = serve(request(Method::options, "/jwks"));
  EXPECT_EQ(field(jwks, "Access-Control-Allow-Headers"), "Content-Type");
  const auto authorize = serve(request(Method::options, "/authorize"));
  EXPECT_EQ(authorize.status, 405u);
  EXPECT_EQ(field(authorize, "Access-Control-Allow-Origin"), "(absent)");
}

// HT-18: public documents carry a validator (RFC9110-13.1.2) and differ by nothing in the query.
TEST_F(RouterTest, HT_18_cache_columns) {
  const auto first = serve(request(Method::get, "/jwks"));
  EXPECT_EQ(field(first, "Cache-Control"), "public, max-age=300");
  const auto tag = field(first, "ETag");
  EXPECT_EQ(tag.size(), 24u);
  for (const auto& list : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
    const auto again = serve(with(request(Method::get, "/jwks"), "If-None-Match", list));
    EXPECT_EQ(again.status, 304u) << list;
    EXPECT_TRUE(again.body.empty());
    EXPECT_EQ(field(again, "ETag"), tag);
  }
  for (const auto* list : {"\"x\"", "", ",,,", "W/"})
    EXPECT_EQ(serve(with(request(Method::get, "/jwks"), "If-None-Match", list)).status, 200u);
  EXPECT_EQ(field(serve(request(Method::get, "/app.css")), "Cache-Control"),
            "public, max-age=31536000, immutable");
  const auto refused = serve(with(request(Method::get, "/jwks"), "Host", "evil"));
  EXPECT_EQ(field(refused, "Cache-Control"), "no-store") << "a refusal is never kept";
}

// SE-07 and the other headers of pages.
TEST_F(RouterTest, SE_07_pages_have_their_headers) {
  const auto own = serve(request(Method::post, "/login", "a=1", kForm));
  EXPECT_EQ(field(own, "X-Frame-Options"), "DENY");
  EXPECT_EQ(field(own, "Content-Security-Policy"),
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src "
            "'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action "
            "'self'");
  EXPECT_EQ(field(own, "Referrer-Policy"), "same-origin");
  EXPECT_EQ(field(own, "Cross-Origin-Resource-Policy"), "same-origin");
  EXPECT_NE(field(own, "Permissions-Policy"), "(absent)");
  EXPECT_EQ(own.content_type, "text/html; charset=utf-8");
  const auto to_client = serve(request(Method::get, "/authorize"));
  EXPECT_EQ(field(to_client, "Content-Security-Policy"),
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src "
            "'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'");
}

TEST_F(RouterTest, hsts_only_where_it_is_wanted) {
  add_routes(make({.tls = true, .hsts = true}));
  EXPECT_EQ(field(serve(request(Method::get, "/hello")), "Strict-Transport-Security"),
            "max-age=63072000; includeSubDomains");
  add_routes(make({.tls = true, .hsts = false}));
  EXPECT_EQ(field(serve(request(Method::get, "/hello")), "Strict-Transport-Security"), "(absent)");
}

// RFC9700-4.7, SE-06: Fetch metadata.
TEST_F(RouterTest, SE_06_cross_site_requests_of_pages) {
  struct Row {
    Method method;
    const char* path;
    const char* site;
    const char* mode;
    unsigned status;
  };
  const Row rows[] = {
      {Method::get, "/authorize", "cross-site", "navigate", 200},
      {Method::get, "/authorize", "cross-site", "cors", 403},
      {Method::get, "/authorize", "cross-site", "no-cors", 403},
      {Method::get, "/authorize", "same-site", "navigate", 200},
      {Method::get, "/authorize", "none", "navigate", 200},
      {Method::post, "/authorize", "cross-site", "navigate", 200},
      {Method::post, "/login", "cross-site", "navigate", 403},
      {Method::post, "/login", "same-origin", "navigate", 200},
      {Method::get, "/jwks", "cross-site", "cors", 200},
  };
  for (const auto& row : rows) {
    auto given = request(row.method, row.path);
    given.headers.add("Sec-Fetch-Site", row.site);
    given.headers.add("Sec-Fetch-Mode", row.mode);
    EXPECT_EQ(serve(given).status, row.status) << row.path << " " << row.site << " " << row.mode;
  }
}

// RFC6585-4
TEST_F(RouterTest, rates_are_limited_except_on_loopback) {
  Response last;
  for (int i = 0; i < 21; ++i) last = serve(request(Method::post, "/login", "a=1", kForm));
  EXPECT_EQ(last.status, 429u);
  EXPECT_EQ(field(last, "Retry-After"), "1");
  auto own = request(Method::post, "/login", "a=1", kForm);
  own.peer = own.client_ip = "127.0.0.1";
  own.peer_is_loopback = true;
  for (int i = 0; i < 40; ++i) EXPECT_EQ(serve(own).status, 200u);
  own.client_ip = "198.51.100.1";  // a proxy on this machine, somebody else behind it
  for (int i = 0; i < 21; ++i) last = serve(own);
  EXPECT_EQ(last.status, 429u);
}

// RFC9110-15.6.4, RFC9110-15.6.1: nothing of what an exception says goes out.
TEST_F(RouterTest, exceptions_end_here) {
  auto later = request(Method::get, "/throws");
  later.query = "later";
  const auto unavailable = serve(later);
  EXPECT_EQ(unavailable.status, 503u);
  EXPECT_EQ(field(unavailable, "Retry-After"), "1");
  EXPECT_NE(unavailable.body.find("temporarily_unavailable"), std::string::npos);
  auto odd = request(Method::get, "/throws");
  odd.query = "odd";
  EXPECT_EQ(serve(odd).status, 500u);
  const auto failed = serve(request(Method::get, "/throws"));
  EXPECT_EQ(failed.status, 500u);
  EXPECT_EQ(failed.body.find("column"), std::string::npos);
  EXPECT_NE(failed.body.find("server_error"), std::string::npos);
  EXPECT_TRUE(std::ranges::any_of(log_.entries(),
                                  [](const auto& entry) { return entry.event == "http.failed"; }));
}

// XS-08, RFC9110-5.5
TEST_F(RouterTest, XS_08_response_splitting_becomes_500) {
  const auto response = serve(request(Method::get, "/splits"));
  EXPECT_EQ(response.status, 500u);
  EXPECT_EQ(field(response, "X-Note"), "(absent)");
  EXPECT_EQ(reason(response), "http.unsafe_header");
}

TEST_F(RouterTest, refusals_are_remembered_under_the_request_id) {
  const auto response = serve(request(Method::get, "/nothing"));
  const auto kept = refusals_.find(field(response, "X-Request-Id"));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->status, 404);
  EXPECT_EQ(kept->endpoint, "GET (no such path)");
  const auto token = serve(request(Method::get, "/token"));
  EXPECT_EQ(refusals_.find(field(token, "X-Request-Id"))->endpoint, "GET /token");
  EXPECT_FALSE(refusals_.find(field(serve(request(Method::get, "/hello")), "X-Request-Id")));
}

TEST_F(RouterTest, the_log_has_the_path_and_never_the_query) {
  auto given = request(Method::get, "/hello");
  given.query = "code=secret-code";
  given.target = "/hello?code=secret-code";
  serve(given);
  bool seen = false;
  for (const auto& entry : log_.entries()) {
    seen = seen || entry.event == "http.request";
    for (const auto& [name, value] : entry.fields)
      EXPECT_EQ(value.find("secret-code"), std::string::npos);
  }
  EXPECT_TRUE(seen);
}

TEST_F(RouterTest, errors_are_rendered_by_whom_the_options_name) {
  add_routes(make({.render_error = [](const Request&, unsigned, const Error& error, bool html) {
    return text_response(200, std::string(error.reason->id) + (html ? " page" : " data"));
  }}));
  EXPECT_EQ(serve(request(Method::get, "/token")).body, "http.method data");
  EXPECT_EQ(serve(request(Method::put, "/authorize")).body, "http.method page");
  EXPECT_EQ(serve(request(Method::get, "/nothing")).body, "http.not_found data");
  const auto browser = serve(with(request(Method::get, "/nothing"), "Accept", "text/html,*/*"));
  EXPECT_EQ(browser.body, "http.not_found page");
  EXPECT_EQ(browser.status, 404u);
}

// RFC6749-5.2: descriptions keep to the set that the clause allows.
TEST(HttpReasons, have_descriptions_that_may_go_on_the_wire) {
  std::vector<std::string_view> ids;
  for (const Reason* reason : reason::kAllHttp) {
    ids.push_back(reason->id);
    for (const char c : reason->description)
      EXPECT_TRUE(c >= 0x20 && c <= 0x7e && c != '"' && c != '\\') << reason->id;
  }
  std::ranges::sort(ids);
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
}

}  // namespace
}  // namespace claviger::http
