// One request under way: the libcurl handle with every option that keeps it harmless, and what has
// come back so far. Lives on the fetcher's thread from start to end.
#pragma once
#include <curl/curl.h>

#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "outbound/fetcher.hpp"

namespace claviger::outbound {

using Outcome = std::expected<Response, FetchError>;
using Completion = std::move_only_function<void(Outcome)>;

class Transfer {
 public:
  Transfer(const Policy& policy, Request request, Completion completion);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // False: the request can't be made at all (bad URL or header).
  bool prepare();
  CURL* handle() const { return easy_.get(); }
  void finish(CURLcode code);
  void fail(FetchError error) { completion_(std::unexpected(error)); }

 private:
  struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
  };

  bool set_url();
  bool set_headers();
  void set_method();
  void set_limits();
  std::size_t most_bytes() const;
  bool allows(const std::string& address) const;
  FetchError judge(CURLcode code) const;

  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self);

  const Policy& policy_;
  Request request_;
  Completion completion_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::unique_ptr<CURLU, FreeUrl> url_;
  std::unique_ptr<CURL, FreeEasy> easy_;  // after what it points to
  bool plain_ = false;                    // http, not https
  bool address_refused_ = false;
  bool too_large_ = false;
  bool malformed_ = false;
  std::size_t header_bytes_ = 0;
  Response response_;
};

}  // namespace claviger::outbound
