// Bounds on what strangers may send. One place, so that a limit is never two numbers.
#pragma once
#include <cstddef>

namespace claviger::limits {

inline constexpr std::size_t kTargetBytes = 8 * 1024;
inline constexpr std::size_t kHeaderBytes = 16 * 1024;
inline constexpr std::size_t kHeaderFields = 64;
inline constexpr std::size_t kFormBytes = 64 * 1024;
inline constexpr std::size_t kAdminBytes = 256 * 1024;
inline constexpr std::size_t kFormFields = 128;
inline constexpr std::size_t kScopeBytes = 4096;
inline constexpr std::size_t kScopeItems = 64;
inline constexpr std::size_t kStateBytes = 2048;
inline constexpr std::size_t kNonceBytes = 1024;
inline constexpr std::size_t kRedirectUriBytes = 2048;
inline constexpr std::size_t kRedirectUris = 32;
inline constexpr std::size_t kClientIdBytes = 256;
inline constexpr std::size_t kClientNameChars = 64;
inline constexpr std::size_t kSecretBytes = 1024;
inline constexpr std::size_t kPasswordMinBytes = 12;
inline constexpr std::size_t kPasswordMaxBytes = 1024;
inline constexpr std::size_t kJwtBytes = 8 * 1024;
inline constexpr std::size_t kRequestObjectBytes = 64 * 1024;
inline constexpr std::size_t kUserFieldBytes = 256;
inline constexpr std::size_t kClaimsBytes = 4096;  // the `claims` parameter
inline constexpr std::size_t kClaims = 64;
inline constexpr std::size_t kSectorDocumentBytes = 64 * 1024;
inline constexpr std::size_t kJwksBytes = 64 * 1024;
inline constexpr std::size_t kJwksKeys = 32;
inline constexpr std::size_t kResources = 8;
inline constexpr std::size_t kUriBytes = 2048;

}  // namespace claviger::limits
