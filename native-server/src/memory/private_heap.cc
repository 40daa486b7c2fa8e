// The addon's C++ memory comes from a heap of its own. In the heap of the process, what a server
// leaks would for an hour only fill the holes that Node.js left there when it started, and show in
// no figure.
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
