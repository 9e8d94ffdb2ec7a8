#include "crypto/password_hash.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <new>
#include <optional>

namespace claviger::crypto {
namespace {

// What a stored text may ask of us, whoever wrote it.
constexpr std::uint64_t kMaxMemoryKib = 1024 * 1024;
constexpr std::uint64_t kMaxIterations = 64;
constexpr std::size_t kHashBytes = 32;  // libsodium's, in the texts that it makes

struct PhcCost {
  std::uint64_t memory_kib = 0;
  std::uint64_t iterations = 0;
};

void init_sodium() {
  static const int state = sodium_init();
  if (state < 0) std::abort();
}

std::optional<std::uint64_t> take_number(std::string_view& text, std::string_view before) {
  if (!text.starts_with(before)) return {};
  text.remove_prefix(before.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// $argon2id$v=19$m=47104,t=1,p=1$salt$hash
std::optional<PhcCost> read_cost(std::string_view phc) {
  const auto memory = take_number(phc, "$argon2id$v=19$m=");
  const auto iterations = memory ? take_number(phc, ",t=") : std::nullopt;
  const auto lanes = iterations ? take_number(phc, ",p=") : std::nullopt;
  if (!lanes || *lanes != 1 || !phc.starts_with('$')) return {};
  if (*memory > kMaxMemoryKib || *iterations > kMaxIterations) return {};
  return PhcCost{*memory, *iterations};
}

template <std::size_t N>
std::string random_base64() {
  std::array<unsigned char, N> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
  std::array<char, sodium_base64_ENCODED_LEN(N, kVariant)> text{};
  return sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
}

}  // namespace

std::string hash_password(const Secret& password, PasswordCost cost) {
  init_sodium();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  const auto text = password.reveal();
  // It fails only for want of memory, or at costs below the library's own floor.
  if (crypto_pwhash_str_alg(out.data(), text.data(), text.size(), cost.iterations,
                            static_cast<std::size_t>(cost.memory_bytes),
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();
  }
  return out.data();
}

bool verify_password(std::string_view phc, const Secret& password) {
  init_sodium();
  std::array<char, crypto_pwhash_STRBYTES> terminated{};
  if (phc.size() >= terminated.size() || !read_cost(phc)) return false;
  std::ranges::copy(phc, terminated.begin());
  const auto text = password.reveal();
  return crypto_pwhash_str_verify(terminated.data(), text.data(), text.size()) == 0;
}

bool needs_rehash(std::string_view phc, PasswordCost cost) {
  const auto came = read_cost(phc);
  return !came || came->memory_kib != cost.memory_bytes / 1024 ||
         came->iterations != cost.iterations;
}

std::string decoy_hash(PasswordCost cost) {
  init_sodium();
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.memory_bytes / 1024,
                     cost.iterations, random_base64<crypto_pwhash_SALTBYTES>(),
                     random_base64<kHashBytes>());
}

}  // namespace claviger::crypto
