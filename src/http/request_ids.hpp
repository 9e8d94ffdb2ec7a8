// Ids of requests: drawn and encoded in stock, since one at a time would be a system call a
// request.
#pragma once
#include <string>

#include "base/random.hpp"

namespace claviger::http {

// One thread's own: all threads served from one stock would meet at its lock with every request.
class RequestIds {
 public:
  // Every id begins with `node`.
  RequestIds(std::string node, Random& random) : node_(std::move(node)), random_(random) {}
  // 16 characters of base64url behind the node's: 96 random bits.
  std::string next();

 private:
  std::string node_;
  Random& random_;
  std::string stock_;
};

}  // namespace claviger::http
