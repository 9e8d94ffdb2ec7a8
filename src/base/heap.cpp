#include "base/heap.hpp"

#include <malloc.h>

#include <array>
#include <cstdlib>

namespace claviger {
namespace {

// A thread's heap has room for 64 MiB. Pieces from kOwnMapping on get mappings of their own.
constexpr std::size_t kReserve = 16 * 1024 * 1024;
constexpr int kOwnMapping = 1024 * 1024;
constexpr int kNeverTrimmed = 64 * 1024 * 1024;     // by free(); give_back_unused() does
constexpr std::size_t kPiece = kOwnMapping - 4096;  // of which one page is touched

}  // namespace

void reserve_heap() {
  mallopt(M_MMAP_THRESHOLD, kOwnMapping);
  mallopt(M_TRIM_THRESHOLD, kNeverTrimmed);
  std::array<void*, kReserve / kPiece> pieces{};
  for (auto& piece : pieces) piece = std::malloc(kPiece);
  for (auto* piece : pieces) std::free(piece);
}

void give_back_unused() { malloc_trim(0); }

}  // namespace claviger
