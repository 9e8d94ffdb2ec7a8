// The unix socket's routes, explain and status.
#include <unistd.h>

#include "admin/socket_api.hpp"
#include "admin/version.hpp"
#include "base/json.hpp"
#include "tests/unit/admin/office.hpp"

namespace claviger::admin::test {
namespace {

namespace json = boost::json;

constexpr Reason kSample{"code.sample", ErrorCode::invalid_grant, "RFC7636-4.6", "said on the wire",
                         "mend it"};

TEST_F(Office, explain_tells_everything_about_a_refusal) {
  Refusal refusal_made;
  refusal_made.request_id = "a123";
  refusal_made.at = clock.now();
  refusal_made.endpoint = "POST /token";
  refusal_made.client_id = "shop";
  refusal_made.status = 400;
  refusal_made.error = refuse(kSample, "what was expected", "what came");
  refusals.remember(refusal_made);
  const auto seen = ok("explain", {{"request_id", "a123"}});
  EXPECT_EQ(text(seen, "reason"), "code.sample");
  EXPECT_EQ(text(seen, "error"), "invalid_grant");
  EXPECT_EQ(text(seen, "description"), "said on the wire");
  EXPECT_EQ(text(seen, "expected"), "what was expected");
  EXPECT_EQ(text(seen, "came"), "what came");
  EXPECT_EQ(text(seen, "clause"), "RFC7636-4.6");
  EXPECT_EQ(text(seen, "clause_url"), "https://www.rfc-editor.org/rfc/rfc7636#section-4.6");
  EXPECT_EQ(text(seen, "mend"), "mend it");
  EXPECT_EQ(text(seen, "endpoint"), "POST /token");
  EXPECT_EQ(text(seen, "at"), "2027-01-15T08:00:00Z");
  EXPECT_EQ(seen.at("status"), 400);
  EXPECT_EQ(refusal("explain", {{"request_id", "a124"}}), "admin.refusal_unknown");
}

TEST_F(Office, an_older_refusal_of_the_same_kind_is_found_by_its_own_id) {
  for (const char* id : {"a1", "a2"}) {
    Refusal made;
    made.request_id = id;
    made.at = clock.now();
    made.error = refuse(kSample);
    refusals.remember(made);
  }
  const auto seen = ok("explain", {{"request_id", "a1"}});
  EXPECT_EQ(text(seen, "request_id"), "a1");
  EXPECT_EQ(seen.at("count"), 2);
}

TEST_F(Office, status_says_who_answers) {
  clock.advance(std::chrono::seconds(90));
  const auto status = ok("status", {});
  EXPECT_EQ(text(status, "version"), kVersion);
  EXPECT_EQ(status.at("pid"), ::getpid());
  EXPECT_EQ(status.at("uptime_seconds"), 90);
  EXPECT_EQ(status.at("keys").as_array().size(), 2u);
}

class Socket : public Office {
 protected:
  Socket()
      : limiter_(http::Rates{}),
        router_(http::RouterOptions{}, clock, random, log, refusals, limiter_) {
    add_routes(router_, *operations);
    request.method = http::Method::post;
    request.method_text = "POST";
    request.path = request.target = "/v1/status";
    request.headers.add("Host", "localhost");
    request.headers.add("Content-Type", "application/json");
    request.body = "{}";
    request.over_unix_socket = true;
    request.peer_uid = static_cast<std::uint32_t>(::geteuid());
  }

  http::Response serve() { return run_task(router_.serve(request)); }
  std::string reason_of(const http::Response& response) {
    return text(parse_json(response.body)->as_object(), "reason");
  }

  http::Request request;

 private:
  http::RateLimiter limiter_;
  http::Router router_;
};

TEST_F(Socket, answers_its_own_user_and_root) {
  EXPECT_EQ(serve().status, 200u);
  request.peer_uid = 0;
  EXPECT_EQ(serve().status, 200u);
}

// AD-11: administration has a socket of its own, and only its owner may use it (RFC9110-15.5.4).
TEST_F(Socket, AD_11_refuses_everybody_else) {
  request.peer_uid = static_cast<std::uint32_t>(::geteuid()) + 1;
  EXPECT_EQ(serve().status, 403u);
  EXPECT_EQ(reason_of(serve()), "admin.foreign_peer");
  request.peer_uid = static_cast<std::uint32_t>(::geteuid());
  request.over_unix_socket = false;
  EXPECT_EQ(serve().status, 403u);
}

TEST_F(Socket, every_operation_has_a_route) {
  for (const auto name : Operations::names()) {
    request.path = request.target = "/v1/" + std::string(name);
    request.body = R"({"unknown":1})";
    const auto response = serve();
    EXPECT_EQ(response.status, 400u) << name;
    EXPECT_EQ(reason_of(response), "admin.unknown_argument") << name;
  }
}

TEST_F(Socket, statuses_follow_the_refusal) {
  request.body = "[]";
  EXPECT_EQ(serve().status, 400u);
  request.body = "{";
  EXPECT_EQ(reason_of(serve()), "admin.not_json");
  request.path = request.target = "/v1/client.show";
  request.body = R"({"client_id":"nobody"})";
  const auto response = serve();
  EXPECT_EQ(response.status, 404u);
  const auto body = parse_json(response.body)->as_object();
  EXPECT_EQ(text(body, "came"), "nobody");
  EXPECT_EQ(text(body, "error"), "not_found");
  EXPECT_FALSE(text(body, "detail").empty());
}

}  // namespace
}  // namespace claviger::admin::test
