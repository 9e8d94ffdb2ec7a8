#include "outbound/local_call.hpp"

#include <curl/curl.h>

#include <memory>

namespace claviger::outbound {

namespace {

constexpr std::size_t kMaxAnswer = 16 * 1024 * 1024;

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* into) {
  auto& body = *static_cast<std::string*>(into);
  const std::size_t bytes = size * count;
  if (body.size() + bytes > kMaxAnswer) return 0;
  body.append(data, bytes);
  return bytes;
}

}  // namespace

std::expected<Response, FetchError> call_local(const LocalTarget& target, const std::string& body) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 curl_easy_cleanup);
  if (!curl) return std::unexpected(FetchError::protocol);
  curl_slist* list = nullptr;
  if (!body.empty()) list = curl_slist_append(list, "Content-Type: application/json");
  using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
  const List headers(list, curl_slist_free_all);
  list = nullptr;
  if (!target.connect_to.empty()) list = curl_slist_append(list, target.connect_to.c_str());
  const List connect_to(list, curl_slist_free_all);

  Response response;
  CURL* call = curl.get();
  curl_easy_setopt(call, CURLOPT_URL, target.url.c_str());
  curl_easy_setopt(call, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(call, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(call, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(call, CURLOPT_TIMEOUT_MS, static_cast<long>(target.total.count()));
  curl_easy_setopt(call, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(call, CURLOPT_CONNECT_TO, connect_to.get());
  if (!target.ca_file.empty()) curl_easy_setopt(call, CURLOPT_CAINFO, target.ca_file.c_str());
  curl_easy_setopt(call, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(call, CURLOPT_WRITEDATA, &response.body);
  if (!target.unix_socket.empty()) {
    curl_easy_setopt(call, CURLOPT_UNIX_SOCKET_PATH, target.unix_socket.c_str());
  }
  if (!body.empty()) {
    curl_easy_setopt(call, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(call, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  }
  const CURLcode code = curl_easy_perform(call);
  if (code == CURLE_OPERATION_TIMEDOUT) return std::unexpected(FetchError::timed_out);
  if (code == CURLE_WRITE_ERROR) return std::unexpected(FetchError::too_large);
  if (code != CURLE_OK) return std::unexpected(FetchError::unreachable);
  long status = 0;
  curl_easy_getinfo(call, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  return response;
}

}  // namespace claviger::outbound
