// A Response as bytes on the wire. No control character gets into a header field (XS-08): such a
// response can't be sent.
#pragma once
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "http/message.hpp"

namespace claviger::http {

// False: some name or value would end its line or be read as another field.
bool is_sendable(const Response& response);
std::string set_cookie_value(const Cookie& cookie);  // RFC6265-4.1

struct Sending {
  bool close = false;      // Connection: close
  bool head_only = false;  // the answer to HEAD: every field, no body (RFC9110-9.3.2)
};
// Appends status line, fields and body to `out`. The response must be sendable.
void append_response(std::string& out, const Response& response, Sending sending, Time now);

// What a busy server says to a request that it did not look into; the connection goes on.
Response busy_response(const std::string& request_id);
// A complete answer made before there is a connection coroutine, or when it may not speak any more.
std::string closing_503(std::string_view request_id);

}  // namespace claviger::http
