#include "http/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>

#include <csignal>
#include <stdexcept>
#include <string_view>

namespace claviger::http {
namespace {

constexpr std::chrono::seconds kLookEvery{2};
// A context makes its own ticket keys: with a new one those of yesterday open nothing any more.
constexpr std::chrono::hours kTicketLife{12};
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
constexpr std::string_view kProtocol = "http/1.1";

[[noreturn]] void fail(const std::string& sentence) {
  ERR_clear_error();
  throw std::runtime_error(sentence);
}

// A client that offers no protocol of ours is told so, before it sends what we can't read.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned int size, void*) {
  for (unsigned int at = 0; at < size; at += 1u + offered[at]) {
    const std::string_view name(reinterpret_cast<const char*>(offered) + at + 1, offered[at]);
    if (name != kProtocol) continue;
    *out = offered + at + 1;
    *out_size = offered[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

void harden(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(
      context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (SSL_CTX_set_cipher_list(context, kCiphers) != 1) fail("TLS without its ciphers");
  // What was read early could have been sent before, by somebody else (HT-21).
  SSL_CTX_set_max_early_data(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  constexpr std::string_view kName = "claviger";
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(kName.data()),
                                 kName.size());
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

using SharedContext = std::shared_ptr<SSL_CTX>;

SharedContext load(const TlsFiles& files) {
  SharedContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) fail("TLS can't be set up");
  harden(context.get());
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1) {
    fail(fmt::format("the certificate {} can't be read", files.certificate));
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    fail(fmt::format("the private key {} can't be read, or is not that of {}", files.key,
                     files.certificate));
  }
  return context;
}

}  // namespace

std::chrono::system_clock::time_point examine(const TlsFiles& files) {
  const auto context = load(files);
  std::tm end{};
  const X509* certificate = SSL_CTX_get0_certificate(context.get());
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) {
    fail(fmt::format("the certificate {} says nothing about its end", files.certificate));
  }
  return std::chrono::system_clock::from_time_t(::timegm(&end));
}

Tls::Tls(TlsFiles files, Log& log)
    : files_(std::move(files)),
      log_(log),
      context_(load(files_)),
      seen_(changed()),
      loaded_at_(std::chrono::steady_clock::now()),
      looked_at_(loaded_at_) {
  // OpenSSL writes to sockets whose other end may be gone, and asks for no signal only by this.
  std::signal(SIGPIPE, SIG_IGN);
}

Tls::Changed Tls::changed() const {
  std::error_code ignored;
  return {std::filesystem::last_write_time(files_.certificate, ignored),
          std::filesystem::last_write_time(files_.key, ignored)};
}

std::shared_ptr<SSL_CTX> Tls::current(Instant now) {
  const std::lock_guard lock(mutex_);
  if (now - looked_at_ < kLookEvery) return context_;
  looked_at_ = now;
  const Changed files = changed();
  if (files == seen_ && now - loaded_at_ < kTicketLife) return context_;
  const bool renewed = files != seen_;
  seen_ = files;
  try {
    context_ = load(files_);
    loaded_at_ = now;
    if (renewed) log_.write(LogLevel::notice, "tls.reloaded", {{"file", files_.certificate}});
  } catch (const std::runtime_error& error) {
    log_.write(LogLevel::error, "tls.reload_failed", {{"what", error.what()}});
  }
  return context_;
}

TlsChannel Tls::accept(int descriptor, Instant now) {
  Ssl ssl(SSL_new(current(now).get()));
  if (!ssl || SSL_set_fd(ssl.get(), descriptor) != 1) fail("a TLS connection can't be set up");
  SSL_set_accept_state(ssl.get());
  return TlsChannel(std::move(ssl));
}

}  // namespace claviger::http
