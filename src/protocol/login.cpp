#include "protocol/login.hpp"

#include <algorithm>
#include <string>

#include "crypto/digest.hpp"

namespace claviger::protocol {
namespace {

std::chrono::seconds pause_after(std::int64_t failures, const LoginPolicy& policy) {
  const auto beyond = failures - policy.free_failures;
  if (beyond < 0) return std::chrono::seconds{0};
  // 2^32 seconds are beyond every sensible longest wait, and short of an overflow.
  const std::chrono::seconds doubled{std::int64_t{1} << std::min<std::int64_t>(beyond, 32)};
  return std::min(doubled, policy.longest_wait);
}

}  // namespace

std::chrono::seconds login_wait(std::int64_t failures, Time last_failure, const LoginPolicy& policy,
                                Time now) {
  const auto pause = pause_after(failures, policy);
  // A clock that was set back may not lengthen the pause.
  const auto passed = std::max(now - last_failure, Duration{0});
  const auto left = std::chrono::ceil<std::chrono::seconds>(pause - passed);
  return std::max(left, std::chrono::seconds{0});
}

Digest throttle_key(std::string_view sub_or_name, std::string_view source) {
  // The length keeps ("ab", "c") and ("a", "bc") apart.
  std::string text = "login " + std::to_string(sub_or_name.size()) + ' ';
  text += sub_or_name;
  text += source;
  return crypto::sha256(text);
}

}  // namespace claviger::protocol
