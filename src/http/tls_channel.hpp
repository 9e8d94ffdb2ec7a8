// One TLS connection over a descriptor that is never waited for here: each step says how far it
// got and what to wait for before the next.
#pragma once
#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace claviger::http {

struct FreeSsl {
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};
using Ssl = std::unique_ptr<SSL, FreeSsl>;

class TlsChannel {
 public:
  enum class Want { nothing, input, room, end };  // `end`: nothing will come of it any more
  struct Step {
    std::size_t count = 0;
    Want want = Want::nothing;
  };

  explicit TlsChannel(Ssl ssl) : ssl_(std::move(ssl)) {}

  Step handshake();
  Step read(char* into, std::size_t size);
  Step write(std::string_view bytes);
  bool has_pending() const;  // input that came out of the socket already
  void say_goodbye();        // close_notify, once the handshake is done

 private:
  Step step(int done, std::size_t count);

  Ssl ssl_;
};

}  // namespace claviger::http
