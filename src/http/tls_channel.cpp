#include "http/tls_channel.hpp"

#include <openssl/err.h>

namespace claviger::http {

// The thread's error queue is emptied before and after: another connection on this thread, or a
// signature, would take what is left there for its own failure.
TlsChannel::Step TlsChannel::step(int done, std::size_t count) {
  if (done == 1) return {count, Want::nothing};
  const int error = SSL_get_error(ssl_.get(), done);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ) return {count, Want::input};
  if (error == SSL_ERROR_WANT_WRITE) return {count, Want::room};
  return {count, Want::end};
}

TlsChannel::Step TlsChannel::handshake() {
  ERR_clear_error();
  return step(SSL_do_handshake(ssl_.get()), 0);
}

TlsChannel::Step TlsChannel::read(char* into, std::size_t size) {
  ERR_clear_error();
  std::size_t count = 0;
  const int done = SSL_read_ex(ssl_.get(), into, size, &count);
  return step(done, count);
}

TlsChannel::Step TlsChannel::write(std::string_view bytes) {
  ERR_clear_error();
  std::size_t count = 0;
  const int done = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
  return step(done, count);
}

bool TlsChannel::has_pending() const { return SSL_has_pending(ssl_.get()) == 1; }

void TlsChannel::say_goodbye() {
  if (SSL_is_init_finished(ssl_.get()) != 1) return;
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

}  // namespace claviger::http
