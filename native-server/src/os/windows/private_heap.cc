// The addon's C++ memory comes from a heap of its own. A leak first fills the free blocks of a
// heap, for an hour if there are many, and no figure of the process shows it meanwhile. The free
// bytes of a heap that belongs to the addon alone can be measured.
#include "os/heap.h"

#include <windows.h>

#include <cstddef>
#include <new>

#include "fatal.h"

namespace {

HANDLE private_heap() noexcept {
  // Of the process until it ends: objects may be deleted after every destructor here has run.
  static const HANDLE heap = [] {
    const HANDLE made = HeapCreate(0, 0, 0);
    if (made == nullptr) oversoak::fatal("HeapCreate failed", GetLastError());
    return made;
  }();
  return heap;
}

}  // namespace

namespace oversoak::os {

std::uint64_t heap_free_bytes() {
  constexpr WORD kNoHole =
      PROCESS_HEAP_ENTRY_BUSY | PROCESS_HEAP_REGION | PROCESS_HEAP_UNCOMMITTED_RANGE;
  const HANDLE heap = private_heap();
  std::uint64_t free_bytes = 0;
  PROCESS_HEAP_ENTRY entry{};
  if (!HeapLock(heap)) fatal("HeapLock failed", GetLastError());
  while (HeapWalk(heap, &entry)) {
    if ((entry.wFlags & kNoHole) == 0) free_bytes += entry.cbData;
  }
  HeapUnlock(heap);
  return free_bytes;
}

}  // namespace oversoak::os

// The forms for arrays, for sizes and without exceptions come down to these two; those for
// alignments beyond the usual stay with the process's heap, in pairs.
void* operator new(std::size_t bytes) {
  void* const block = HeapAlloc(private_heap(), 0, bytes == 0 ? 1 : bytes);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

void operator delete(void* block) noexcept {
  if (block != nullptr) HeapFree(private_heap(), 0, block);
}

void operator delete(void* block, std::size_t) noexcept { operator delete(block); }
