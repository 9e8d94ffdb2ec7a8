// TLS in process: versions and ciphers (C12, HT-19, HT-21, RFC9325-4.2), the files behind it, and
// that everything above it stays as it is without.
#include <poll.h>

#include <filesystem>

#include "tests/support/temp_folder.hpp"
#include "tests/unit/http/running_server.hpp"
#include "tests/unit/http/tls_client.hpp"

namespace claviger::test {
namespace {

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kLastHello =
    "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

class TlsServer : public ::testing::Test {
 protected:
  TlsServer() : authority_(Certificate::authority()) { write(Certificate::server(authority_)); }

  void write(const Certificate& certificate) {
    write_file(certificate_path(), certificate.pem() + authority_.pem());
    write_file(key_path(), certificate.key_pem());
  }
  std::string certificate_path() const { return folder_.path() + "/certificate.pem"; }
  std::string key_path() const { return folder_.path() + "/key.pem"; }
  http::ServerOptions options() const {
    auto options = local_options();
    options.tls = {certificate_path(), key_path()};
    options.listeners[0].tls = true;
    return options;
  }

  TempFolder folder_;
  Certificate authority_;
};

void only_version(SSL_CTX* context, int version) {
  SSL_CTX_set_min_proto_version(context, version);
  SSL_CTX_set_max_proto_version(context, version);
}

TEST_F(TlsServer, C12_prefers_1_3_and_answers_over_it) {
  RunningServer server(options());
  TlsClient client(server.port());
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.version(), "TLSv1.3");
  client.send(kLastHello);
  EXPECT_NE(client.read_all().find("\"path\":\"/hello\""), std::string::npos);
  EXPECT_TRUE(client.ended_well());
}

TEST_F(TlsServer, the_certificate_is_the_one_of_the_file) {
  RunningServer server(options());
  TlsClient client(server.port(), [&](SSL_CTX* context) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority_.get());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  });
  EXPECT_TRUE(client.connected());
}

// HT-19
TEST_F(TlsServer, HT_19_old_versions_are_refused) {
  RunningServer server(options());
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    TlsClient client(server.port(), [&](SSL_CTX* context) {
      SSL_CTX_set_security_level(context, 0);
      only_version(context, version);
    });
    EXPECT_FALSE(client.connected()) << version;
  }
}

// HT-19
TEST_F(TlsServer, HT_19_in_1_2_only_forward_secrecy_with_gcm) {
  RunningServer server(options());
  for (const char* refused :
       {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305",
        "AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256"}) {
    TlsClient client(server.port(), [&](SSL_CTX* context) {
      only_version(context, TLS1_2_VERSION);
      SSL_CTX_set_cipher_list(context, refused);
    });
    EXPECT_FALSE(client.connected()) << refused;
  }
  TlsClient client(server.port(), [](SSL_CTX* context) { only_version(context, TLS1_2_VERSION); });
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.cipher(), "ECDHE-ECDSA-AES128-GCM-SHA256");
}

// HT-19
TEST_F(TlsServer, HT_19_no_renegotiation) {
  RunningServer server(options());
  TlsClient client(server.port(), [](SSL_CTX* context) { only_version(context, TLS1_2_VERSION); });
  ASSERT_TRUE(client.connected());
  SSL_renegotiate(client.ssl());
  EXPECT_NE(SSL_do_handshake(client.ssl()), 1);
}

// HT-21
TEST_F(TlsServer, HT_21_no_early_data) {
  RunningServer server(options());
  TlsClient client(server.port());
  client.send(kLastHello);
  client.read_all();  // the tickets come behind the handshake
  EXPECT_EQ(SSL_SESSION_get_max_early_data(SSL_get_session(client.ssl())), 0u);
}

TEST_F(TlsServer, another_protocol_is_told_so) {
  RunningServer server(options());
  const auto offer = [](std::string protocols) {
    return [protocols](SSL_CTX* context) {
      SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(protocols.data()),
                              static_cast<unsigned>(protocols.size()));
    };
  };
  EXPECT_FALSE(TlsClient(server.port(), offer("\x02h2")).connected());
  EXPECT_TRUE(TlsClient(server.port(), offer("\x02h2\x08http/1.1")).connected());
}

TEST_F(TlsServer, plain_http_gets_nothing_and_is_closed) {
  RunningServer server(options());
  RawClient client(server.port());
  client.send(kHello);
  EXPECT_EQ(client.answer().status, 0u);
  EXPECT_EQ(server.handled(), 0u);
}

// HT-10: a handshake that never goes on has its own, short deadline.
TEST_F(TlsServer, HT_10_a_handshake_that_stalls_is_cut) {
  auto given = options();
  given.handshake_deadline = std::chrono::milliseconds(50);
  given.header_deadline = std::chrono::hours(1);
  RunningServer server(given);
  RawClient client(server.port());
  client.send("\x16\x03\x01");
  EXPECT_EQ(client.answer().status, 0u);  // returns when the server has closed
}

// HT-01: the framing guard stands above TLS as it does above TCP.
TEST_F(TlsServer, HT_01_the_framing_guard_stands) {
  RunningServer server(options());
  TlsClient client(server.port());
  client.send(
      "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
      "Transfer-Encoding: chunked\r\n\r\na=b");
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 400"));
}

TEST_F(TlsServer, a_body_larger_than_every_buffer_arrives_whole) {
  RunningServer server(options());
  TlsClient client(server.port());
  client.send("GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const auto answer = client.read_all();
  const auto body = answer.find("\r\n\r\n");
  ASSERT_NE(body, std::string::npos);
  EXPECT_EQ(answer.size() - body - 4, 16u * 1024 * 1024);
  EXPECT_TRUE(client.ended_well());
}

TEST_F(TlsServer, many_requests_on_one_connection) {
  RunningServer server(options());
  TlsClient client(server.port());
  for (int i = 0; i < 20; ++i) client.send(kHello);
  client.send(kLastHello);
  client.read_all();
  EXPECT_EQ(server.handled(), 21u);
}

// T-32: what was accepted before the drain is answered under TLS as well.
TEST_F(TlsServer, T_32_a_drain_answers_what_was_begun) {
  RunningServer server(options());
  TlsClient client(server.port());
  client.send("GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n");
  server.worker.wait_for_jobs(1);
  server.begin_stop(std::chrono::seconds(30));
  server.worker.release();
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 200"));
  server.stop();
}

// T-32: whoever shook hands while the server stops, and then says nothing, doesn't hold it for as
// long as a head may take.
TEST_F(TlsServer, T_32_a_silent_connection_does_not_hold_the_drain) {
  auto patient = options();
  patient.header_deadline = std::chrono::hours(1);
  RunningServer server(patient);
  static RunningServer* stopped;
  stopped = &server;
  TlsClient client(server.port(), [](SSL_CTX* context) {
    SSL_CTX_set_info_callback(context, [](const SSL* ssl, int, int) {
      // The server waits for our half of the handshake.
      if (SSL_get_state(ssl) != TLS_ST_CR_SRVR_HELLO || stopped == nullptr) return;
      auto& one = *std::exchange(stopped, nullptr);
      one.begin_stop(std::chrono::hours(1));
      while (RawClient(one.port()).connected()) std::this_thread::yield();
    });
  });
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(stopped, nullptr);
  pollfd end{SSL_get_fd(client.ssl()), POLLRDHUP, 0};
  EXPECT_EQ(::poll(&end, 1, 30'000), 1) << "the connection is still there";
}

TEST_F(TlsServer, files_that_do_not_fit_stop_the_start) {
  write_file(key_path(), Certificate::server(authority_).key_pem());
  EXPECT_THROW(RunningServer{options()}, std::runtime_error);
  write_file(key_path(), "no key");
  EXPECT_THROW(RunningServer{options()}, std::runtime_error);
}

TEST_F(TlsServer, the_end_of_a_certificate_is_told) {
  const auto left =
      http::examine({certificate_path(), key_path()}) - std::chrono::system_clock::now();
  EXPECT_GT(left, std::chrono::minutes(50));
  EXPECT_LE(left, std::chrono::minutes(61));
  write_file(key_path(), "no key");
  EXPECT_THROW(http::examine({certificate_path(), key_path()}), std::runtime_error);
}

using Clock = std::chrono::steady_clock;

// The files are looked at on an accept, by the time that the caller gives: no waiting here.
TEST_F(TlsServer, a_renewed_certificate_is_taken_and_a_broken_one_is_not) {
  KeptLog log;
  http::Tls tls({certificate_path(), key_path()}, log);
  const auto later = Clock::now() + std::chrono::seconds(10);
  const auto touch = [&](int hours) {
    const auto at = std::filesystem::file_time_type::clock::now() + std::chrono::hours(hours);
    std::filesystem::last_write_time(certificate_path(), at);
  };
  write_file(certificate_path(), "broken");
  touch(1);
  tls.accept(0, later);
  ASSERT_EQ(log.entries().size(), 1u);
  EXPECT_EQ(log.entries()[0].event, "tls.reload_failed");
  write(Certificate::server(authority_));
  touch(2);
  tls.accept(0, later + std::chrono::seconds(1));  // too early for another look
  EXPECT_EQ(log.entries().size(), 1u);
  tls.accept(0, later + std::chrono::seconds(10));
  ASSERT_EQ(log.entries().size(), 2u);
  EXPECT_EQ(log.entries()[1].event, "tls.reloaded");
}

}  // namespace
}  // namespace claviger::test
