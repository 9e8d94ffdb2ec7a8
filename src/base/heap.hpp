// What the C library's allocator does by itself that a server can't afford.
#pragma once

namespace claviger {

// Grows the heap of this thread once, so that it need not grow while requests wait: to grow is an
// mprotect, which waits for whoever changes the address space, and a password hash does that for as
// long as the kernel fills its 46 MiB. With it, p99 of /token in a flood of sign-ins was 3 ms
// instead of 50. It costs addresses, and 64 KiB of memory.
void reserve_heap();

// Gives back to the kernel what only the start needed of the heap.
void give_back_unused();

}  // namespace claviger
