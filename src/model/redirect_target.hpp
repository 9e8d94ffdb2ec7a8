// The two things that a Location header can be made of. A RedirectTarget is made by the rule
// match_redirect_uri alone (RFC6749-3.1.2.3, RFC9700-2.1); an OwnPath is a path of ours, fixed at
// compile time.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/reason.hpp"

namespace claviger {

struct Client;
class RedirectTarget;
namespace protocol {
// Declared here to be a friend; its home is protocol/authorize/redirect_uri.hpp.
Result<RedirectTarget> match_redirect_uri(const Client& client, std::string_view requested);
Result<RedirectTarget> match_post_logout_uri(const Client& client, std::string_view requested);
}  // namespace protocol

using Parameters = std::vector<std::pair<std::string, std::string>>;

class RedirectTarget {
 public:
  const std::string& uri() const { return uri_; }
  // The registered URI, its own query kept, with `parameters` appended (RFC6749-3.1.2).
  std::string with_query(const Parameters& parameters) const;
  // The same with `parameters` in a fragment, which no server is ever sent (OIDCM-2.1). A
  // registered URI has none of its own.
  std::string with_fragment(const Parameters& parameters) const;

 private:
  friend Result<RedirectTarget> protocol::match_redirect_uri(const Client&, std::string_view);
  friend Result<RedirectTarget> protocol::match_post_logout_uri(const Client&, std::string_view);
  explicit RedirectTarget(std::string uri) : uri_(std::move(uri)) {}
  std::string uri_;
};

// Only a literal: nothing that a stranger sent can become a path.
class PathLiteral {
 public:
  consteval PathLiteral(const char* path) : path_(path) {
    if (path_.empty() || path_[0] != '/' || (path_.size() > 1 && path_[1] == '/')) {
      throw "a path of our own begins with exactly one slash";
    }
  }
  std::string_view text() const { return path_; }

 private:
  std::string_view path_;
};

class OwnPath {
 public:
  explicit OwnPath(PathLiteral path) : text_(path.text()) {}
  // The path with one more query parameter, percent-encoded.
  OwnPath with(std::string_view name, std::string_view value) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace claviger
