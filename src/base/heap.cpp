#include "base/heap.hpp"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace claviger {
namespace {

// A thread's heap has room for 64 MiB. Pieces from kOwnMapping on get mappings of their own.
constexpr std::size_t kReserve = 16 * 1024 * 1024;
constexpr int kOwnMapping = 1024 * 1024;
constexpr int kNeverTrimmed = 64 * 1024 * 1024;     // by free(); give_back_unused() does
constexpr std::size_t kPiece = kOwnMapping - 4096;  // of which one page is touched

void drop_pages(const dl_phdr_info& object, const ElfW(Phdr) & part) {
  const auto page = static_cast<ElfW(Addr)>(sysconf(_SC_PAGESIZE));
  const auto begin = (object.dlpi_addr + part.p_vaddr) & ~(page - 1);
  const auto end = object.dlpi_addr + part.p_vaddr + part.p_memsz;
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

// Parts that can't be written are what the file says, always; of all others the process has pages
// of its own, relocations among them, which this would undo.
int drop_unwritten(dl_phdr_info* object, std::size_t, void*) {
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& part = object->dlpi_phdr[i];
    if (part.p_type == PT_LOAD && (part.p_flags & PF_W) == 0) drop_pages(*object, part);
  }
  return 0;
}

}  // namespace

void reserve_heap() {
  mallopt(M_MMAP_THRESHOLD, kOwnMapping);
  mallopt(M_TRIM_THRESHOLD, kNeverTrimmed);
  std::array<void*, kReserve / kPiece> pieces{};
  for (auto& piece : pieces) piece = std::malloc(kPiece);
  for (auto* piece : pieces) std::free(piece);
}

void give_back_unused() {
  malloc_trim(0);
  dl_iterate_phdr(drop_unwritten, nullptr);
}

}  // namespace claviger
