#include "base/secret.hpp"

#include <gtest/gtest.h>
#include <malloc.h>
#include <string.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <utility>

namespace {

// Every block of heap that is given back while a test looks is searched for the secret.
constexpr std::string_view kLong = "correct-horse-battery-staple-0123456789";
constexpr std::string_view kShort = "hunter2hunter";  // lives inside the string object
thread_local int leaks = -1;                          // below zero: nobody looks

void give_back(void* block) noexcept {
  if (block && leaks >= 0) {
    const auto tail = kLong.substr(1);  // clearing a string overwrites its first byte
    if (memmem(block, malloc_usable_size(block), tail.data(), tail.size())) ++leaks;
  }
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* block = std::malloc(size ? size : 1)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t) noexcept { give_back(block); }

namespace claviger {
namespace {

class Looking {
 public:
  Looking() { leaks = 0; }
  ~Looking() { leaks = -1; }
  int found() const { return leaks; }
};

static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);

// Attack JO-31: key or password left in memory that was given back.
TEST(Secret, JO_31_the_test_sees_a_plain_string) {
  const Looking looking;
  {
    const std::string plain(kLong);
  }
  EXPECT_EQ(looking.found(), 1);
}

TEST(Secret, JO_31_wiped_when_destroyed) {
  const Looking looking;
  {
    const Secret secret(kLong);
  }
  EXPECT_EQ(looking.found(), 0);
}

TEST(Secret, JO_31_wiped_when_assigned_over) {
  const Looking looking;
  {
    Secret secret(kLong);
    const Secret longer(std::string(200, 'x'));
    secret = longer;
    Secret other(kLong);
    other = Secret("short");
    Secret again(kLong);
    again = Secret(std::string(200, 'y'));
    EXPECT_EQ(other.reveal(), "short");
    EXPECT_EQ(secret.reveal(), longer.reveal());
  }
  EXPECT_EQ(looking.found(), 0);
}

bool holds(const std::byte* storage, std::size_t size, std::string_view text) {
  // Through a volatile pointer: what was there is read after the object's end.
  const volatile std::byte* bytes = storage;
  for (std::size_t i = 0; i + text.size() <= size; ++i) {
    std::size_t same = 0;
    while (same < text.size() && bytes[i + same] == static_cast<std::byte>(text[same])) ++same;
    if (same == text.size()) return true;
  }
  return false;
}

TEST(Secret, JO_31_short_one_leaves_nothing_in_the_object) {
  alignas(Secret) std::array<std::byte, sizeof(Secret)> storage{};
  auto* secret = std::construct_at(reinterpret_cast<Secret*>(storage.data()), kShort);
  EXPECT_TRUE(holds(storage.data(), storage.size(), kShort));
  std::destroy_at(secret);
  EXPECT_FALSE(holds(storage.data(), storage.size(), kShort.substr(0, 4)));
}

TEST(Secret, JO_31_moved_from_keeps_no_copy) {
  alignas(Secret) std::array<std::byte, sizeof(Secret)> storage{};
  auto* secret = std::construct_at(reinterpret_cast<Secret*>(storage.data()), kShort);
  Secret taken(std::move(*secret));
  EXPECT_EQ(taken.reveal(), kShort);
  EXPECT_FALSE(holds(storage.data(), storage.size(), kShort.substr(1)));
  *secret = Secret(kShort);
  taken = std::move(*secret);
  EXPECT_EQ(taken.reveal(), kShort);
  EXPECT_FALSE(holds(storage.data(), storage.size(), kShort.substr(1)));
  EXPECT_TRUE(secret->empty());
  std::destroy_at(secret);
}

TEST(Secret, assigned_to_itself_stays) {
  Secret secret(kLong);
  auto& same = secret;
  secret = same;
  EXPECT_EQ(secret.reveal(), kLong);
  secret = std::move(same);
  EXPECT_EQ(secret.reveal(), kLong);
}

}  // namespace
}  // namespace claviger
