// Who answers is proven before a byte of the request leaves: real TLS, certificates made here.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <optional>

#include "outbound/fetcher.hpp"
#include "tests/support/temp_folder.hpp"
#include "tls_server.hpp"

namespace claviger::outbound {
namespace {

using test::Certificate;
using test::TlsServer;

class FetcherOverTls : public ::testing::Test {
 protected:
  FetcherOverTls() : authority_(Certificate::authority()) {
    test::write_file(ca_file(), authority_.pem());
  }
  std::string ca_file() const { return folder_.path() + "/ca.pem"; }

  std::expected<Response, FetchError> get(const std::string& url, bool trusting = true) {
    Policy policy{.allow_loopback = true, .total = std::chrono::seconds(10)};
    if (trusting) policy.ca_file = ca_file();
    std::optional<std::expected<Response, FetchError>> result;
    boost::asio::io_context io;  // outlives the fetcher, whose thread resumes it
    Fetcher fetcher(policy);
    Request request;
    request.url = url;
    boost::asio::co_spawn(io.get_executor(), fetcher.fetch(std::move(request)),
                          [&](std::exception_ptr, std::expected<Response, FetchError> outcome) {
                            result.emplace(std::move(outcome));
                          });
    io.run();
    return std::move(*result);
  }

  test::TempFolder folder_;
  Certificate authority_;
};

TEST_F(FetcherOverTls, takes_a_certificate_of_the_configured_authority) {
  const TlsServer server(Certificate::server(authority_));
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const auto response = get(server.url(host));
    ASSERT_TRUE(response.has_value()) << host << " " << to_string(response.error());
    EXPECT_EQ(response->body, "ok");
  }
}

TEST_F(FetcherOverTls, refuses_an_authority_that_it_does_not_know) {
  const TlsServer server(Certificate::server(authority_));
  EXPECT_EQ(get(server.url("localhost"), false).error(), FetchError::protocol);
  const TlsServer foreign(Certificate::server(Certificate::authority()));
  EXPECT_EQ(get(foreign.url("localhost")).error(), FetchError::protocol);
  EXPECT_EQ(server.answered() + foreign.answered(), 0);
}

TEST_F(FetcherOverTls, refuses_a_certificate_that_is_over) {
  const TlsServer server(Certificate::server(authority_, "DNS:localhost", -3600));
  EXPECT_EQ(get(server.url("localhost")).error(), FetchError::protocol);
  EXPECT_EQ(server.answered(), 0);
}

TEST_F(FetcherOverTls, refuses_a_certificate_for_another_name) {
  const TlsServer server(Certificate::server(authority_, "DNS:other.example"));
  EXPECT_EQ(get(server.url("localhost")).error(), FetchError::protocol);
  EXPECT_EQ(server.answered(), 0);
}

// HT-19, towards others.
TEST_F(FetcherOverTls, HT_19_speaks_nothing_older_than_1_2) {
  const TlsServer old(Certificate::server(authority_), TLS1_1_VERSION);
  EXPECT_EQ(get(old.url("localhost")).error(), FetchError::protocol);
  const TlsServer newer(Certificate::server(authority_), TLS1_2_VERSION);
  EXPECT_TRUE(get(newer.url("localhost")).has_value());
}

}  // namespace
}  // namespace claviger::outbound
