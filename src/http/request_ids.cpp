#include "http/request_ids.hpp"

#include "base/base64url.hpp"

namespace claviger::http {
namespace {

constexpr std::size_t kIdBytes = 12;
constexpr std::size_t kIdCharacters = 16;
constexpr std::size_t kIdsInStock = 64;

}  // namespace

std::string RequestIds::next() {
  if (stock_.empty()) stock_ = base64url_encode(random_.bytes<kIdBytes * kIdsInStock>());
  std::string id;
  id.reserve(node_.size() + kIdCharacters);
  id.append(node_).append(stock_, stock_.size() - kIdCharacters);
  stock_.resize(stock_.size() - kIdCharacters);
  return id;
}

}  // namespace claviger::http
