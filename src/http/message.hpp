// Requests and responses as values. Handlers, tests and the demo client see these; the parser
// behind them (Beast) is seen by connection.cpp alone.
#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/form.hpp"
#include "base/reason.hpp"
#include "base/time.hpp"
#include "http/headers.hpp"
#include "model/redirect_target.hpp"

namespace claviger::http {

enum class Method { get, head, post, put, patch, delete_, options, other };
std::string_view to_string(Method method);
Method parse_method(std::string_view text);  // exactly as written: methods have case (RFC9110-9.1)

struct Request {
  Method method = Method::get;
  std::string method_text = "GET";
  std::string target = "/";  // as sent
  std::string path = "/";    // before the '?', never decoded: routes compare bytes
  std::string query;         // behind the '?'
  Headers headers;
  std::string body;
  std::string peer;  // address text of the connection's other end
  bool peer_is_loopback = false;
  bool over_unix_socket = false;  // the admin socket; `peer_uid` then says who
  std::uint32_t peer_uid = 0;
  std::string client_ip;  // peer, or what a trusted proxy says
  std::string id;         // request id; begins with the node's
  Time arrived{};         // when the request line was complete

  // The one cookie of that name; nothing when absent, and nothing when it came twice (SE-09).
  std::optional<std::string_view> cookie(std::string_view name) const;
  // The media type without parameters, lower case; empty when there is no Content-Type.
  std::string media_type() const;
};

enum class SameSite {
  lax,
  none,  // sent to frames of other sites too; browsers take it with Secure alone
};

struct Cookie {
  std::string name;
  std::string value;
  std::optional<std::chrono::seconds> max_age;  // nothing: until the browser closes; zero: delete
  bool secure = true;                           // false only for a loopback http issuer
  bool http_only = true;
  SameSite same_site = SameSite::lax;
};

// A Location is made of a matched redirect URI or of a path of our own: nothing else converts.
class Location {
 public:
  Location(const RedirectTarget& target, const Parameters& parameters)
      : text_(target.with_query(parameters)) {}
  explicit Location(const OwnPath& path) : text_(path.text()) {}
  static Location with_fragment(const RedirectTarget& target, const Parameters& parameters) {
    return Location(target.with_fragment(parameters));
  }
  const std::string& text() const { return text_; }

 private:
  explicit Location(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// What a body is, and with it which headers it gets (security headers, CSP).
enum class Surface {
  data,              // JSON and other API answers
  page,              // HTML whose forms stay on this server: form-action 'self'
  page_to_client,    // HTML whose POST may end at a client: no form-action (browsers check every
                     // later hop)
  page_with_frames,  // HTML without forms that frames what Response::frame_origins names (SE-07)
  frame,             // HTML that any site may frame: no form, no link (OIDCSM-4.2)
  asset,             // hashed and immutable
  none,              // no body
};

struct Response {
  unsigned status = 200;
  Surface surface = Surface::data;
  std::string content_type;  // with charset where it is text
  std::string body;
  Headers headers;
  std::vector<Cookie> cookies;
  std::vector<std::string> frame_origins;  // "https://app.example"; of page_with_frames alone
  std::optional<Location> location;
  std::optional<Error> refusal;  // why: for the log and `claviger explain`
  std::string client_id;         // as far as known: for the same
  bool clear_site_data = false;
};

Response json_response(unsigned status, const boost::json::object& body);
Response html_response(unsigned status, std::string html, Surface surface);
Response text_response(unsigned status, std::string text);
// Always 303: a 307 would make the browser send a password on to a client (CI-30).
Response redirect(Location location);

}  // namespace claviger::http
