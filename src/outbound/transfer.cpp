#include "outbound/transfer.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <new>

#include "base/text.hpp"

namespace claviger::outbound {
namespace {

constexpr std::size_t kMaxHeaderBytes = 64 * 1024;
constexpr std::string_view kBlank = " \t\r\n";

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  // An option that libcurl does not know would be a lost defence: better no fetcher at all.
  if (curl_easy_setopt(easy, option, value) != CURLE_OK) throw std::bad_alloc();
}

bool is_token(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.contains(c);
  });
}

std::string address_text(const curl_sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in*>(&address.addr)->sin_addr;
  } else if (address.family == AF_INET6) {
    bytes = &reinterpret_cast<const sockaddr_in6*>(&address.addr)->sin6_addr;
  } else {
    return {};
  }
  return ::inet_ntop(address.family, bytes, text.data(), text.size()) ? text.data() : "";
}

bool is_loopback(const std::string& address) {
  return is_refused_address(address, false) && !is_refused_address(address, true);
}

}  // namespace

Transfer::Transfer(const Policy& policy, Request request, Completion completion)
    : policy_(policy),
      request_(std::move(request)),
      completion_(std::move(completion)),
      easy_(curl_easy_init()) {
  if (!easy_) throw std::bad_alloc();
}

bool Transfer::prepare() {
  set(handle(), CURLOPT_PRIVATE, this);
  if (!is_token(request_.method) || !set_url() || !set_headers()) return false;
  set_method();
  set_limits();
  return true;
}

// libcurl's own parser judges the URL and is the one that uses it: two parsers would disagree
// somewhere, and that is where requests are smuggled to other hosts.
bool Transfer::set_url() {
  if (request_.url.find('\0') != std::string::npos) return false;
  url_.reset(curl_url());
  if (!url_) throw std::bad_alloc();
  constexpr unsigned kFlags = CURLU_DISALLOW_USER | CURLU_PATH_AS_IS;
  if (curl_url_set(url_.get(), CURLUPART_URL, request_.url.c_str(), kFlags) != CURLUE_OK) {
    return false;
  }
  char* scheme = nullptr;
  if (curl_url_get(url_.get(), CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK) return false;
  plain_ = std::string_view(scheme) == "http";
  const bool secure = std::string_view(scheme) == "https";
  curl_free(scheme);
  const bool plain_allowed = policy_.allow_http && policy_.allow_loopback;
  if (!secure && !(plain_ && plain_allowed)) return false;
  set(handle(), CURLOPT_CURLU, url_.get());
  set(handle(), CURLOPT_PROTOCOLS_STR, plain_allowed ? "http,https" : "https");
  set(handle(), CURLOPT_PATH_AS_IS, 1L);
  return true;
}

bool Transfer::set_headers() {
  // A name with nothing behind the colon takes away what libcurl would add by itself.
  std::vector<std::string> lines{"Expect:"};
  bool typed = false;
  for (const auto& [name, value] : request_.headers) {
    if (!is_token(name) || has_control_character(value)) return false;
    typed = typed || iequals_ascii(name, "content-type");
    lines.push_back(value.empty() ? name + ";" : name + ": " + value);
  }
  if (!typed) lines.emplace_back("Content-Type:");
  for (const auto& line : lines) {
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    if (!longer) throw std::bad_alloc();
    static_cast<void>(headers_.release());
    headers_.reset(longer);
  }
  set(handle(), CURLOPT_HTTPHEADER, headers_.get());
  set(handle(), CURLOPT_USERAGENT, "claviger");
  return true;
}

void Transfer::set_method() {
  if (request_.method == "HEAD") {
    set(handle(), CURLOPT_NOBODY, 1L);
  } else if (request_.method != "GET" || !request_.body.empty()) {
    set(handle(), CURLOPT_POST, 1L);
    set(handle(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(handle(), CURLOPT_POSTFIELDS, request_.body.data());  // request_ outlives the handle's use
    set(handle(), CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
}

void Transfer::set_limits() {
  CURL* easy = handle();
  const auto total = static_cast<long>(policy_.total.count());
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, this);
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_PROXY, "");  // none from the environment
  set(easy, CURLOPT_NOPROXY, "*");
  set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  set(easy, CURLOPT_ACCEPT_ENCODING, "identity");
  set(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);  // no bombs: a body that is packed is refused
  set(easy, CURLOPT_TIMEOUT_MS, total);
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, total * 3 / 5));
  set(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(most_bytes()));
  set(easy, CURLOPT_NOSIGNAL, 1L);
  // A name that is still being looked up when the time is over must not hold up the others.
  set(easy, CURLOPT_QUICK_EXIT, 1L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!policy_.ca_file.empty()) {
    set(easy, CURLOPT_CAINFO, policy_.ca_file.c_str());
    set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  set(easy, CURLOPT_HEADERFUNCTION, &Transfer::take_header);
  set(easy, CURLOPT_HEADERDATA, this);
  set(easy, CURLOPT_WRITEFUNCTION, &Transfer::take_body);
  set(easy, CURLOPT_WRITEDATA, this);
}

std::size_t Transfer::most_bytes() const {
  if (request_.max_bytes == 0) return policy_.max_bytes;
  return std::min(request_.max_bytes, policy_.max_bytes);
}

bool Transfer::allows(const std::string& address) const {
  if (is_refused_address(address, policy_.allow_loopback)) return false;
  return !plain_ || is_loopback(address);
}

// After name resolution and before connecting: what DNS said a moment ago can't change any more.
curl_socket_t Transfer::open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (purpose != CURLSOCKTYPE_IPCXN || !transfer.allows(address_text(*address))) {
    transfer.address_refused_ = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t Transfer::take_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view line(data, size * count);
  transfer.header_bytes_ += line.size();
  if (transfer.header_bytes_ > kMaxHeaderBytes) {
    transfer.too_large_ = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) {  // a new head: the one before was an interim answer
    transfer.response_.headers.clear();
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    transfer.response_.headers.emplace_back(to_lower_ascii(line.substr(0, colon)),
                                            trim(line.substr(colon + 1), kBlank));
  } else if (!trim(line, kBlank).empty()) {
    transfer.malformed_ = true;
    return 0;
  }
  return line.size();
}

std::size_t Transfer::take_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t length = size * count;
  if (length > transfer.most_bytes() - transfer.response_.body.size()) {
    transfer.too_large_ = true;
    return 0;
  }
  transfer.response_.body.append(data, length);
  return length;
}

FetchError Transfer::judge(CURLcode code) const {
  if (too_large_ || code == CURLE_FILESIZE_EXCEEDED) return FetchError::too_large;
  if (malformed_) return FetchError::protocol;
  switch (code) {
    case CURLE_URL_MALFORMAT:
      return FetchError::bad_url;
    case CURLE_OPERATION_TIMEDOUT:
      return FetchError::timed_out;
    case CURLE_COULDNT_CONNECT:
      return address_refused_ ? FetchError::address_refused : FetchError::unreachable;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_OUT_OF_MEMORY:
      return FetchError::unreachable;
    default:
      return FetchError::protocol;
  }
}

void Transfer::finish(CURLcode code) {
  if (code != CURLE_OK) return fail(judge(code));
  long status = 0;
  curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  for (const auto& [name, value] : response_.headers) {
    if (name == "content-encoding" && !iequals_ascii(value, "identity")) {
      return fail(FetchError::protocol);
    }
  }
  completion_(std::move(response_));
}

}  // namespace claviger::outbound
