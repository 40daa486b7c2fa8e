// The addon's C++ memory comes from a heap of its own. A leak first fills the free blocks of a
// heap, for an hour if there are many, and no figure of the process shows it meanwhile. The free
// bytes of a heap that belongs to the addon alone can be measured.
#include "os/heap.h"

#include <windows.h>
//
#include <psapi.h>

#include <algorithm>
#include <array>
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

constexpr std::uintptr_t kPageBytes = 4096;

// Of whole pages from `first` to before `end`.
std::uint64_t resident_in(std::uintptr_t first, std::uintptr_t end) {
  std::array<PSAPI_WORKING_SET_EX_INFORMATION, 256> pages{};
  std::uint64_t resident = 0;
  while (first < end) {
    std::size_t count = 0;
    for (; count < pages.size() && first < end; ++count, first += kPageBytes) {
      pages[count].VirtualAddress = reinterpret_cast<void*>(first);
    }
    const auto bytes = static_cast<DWORD>(count * sizeof(pages[0]));
    // Else all of them may be.
    const bool known = QueryWorkingSetEx(GetCurrentProcess(), pages.data(), bytes) != 0;
    resident +=
        kPageBytes *
        static_cast<std::uint64_t>(std::count_if(
            pages.begin(), pages.begin() + static_cast<std::ptrdiff_t>(count),
            [known](const auto& page) { return !known || page.VirtualAttributes.Valid != 0; }));
  }
  return resident;
}

// A page that it shares with a block in use is in memory.
std::uint64_t resident_of(std::uintptr_t first, std::uint64_t bytes) {
  const std::uintptr_t page = (first + kPageBytes - 1) / kPageBytes * kPageBytes;
  const std::uintptr_t end = (first + bytes) / kPageBytes * kPageBytes;
  if (page >= end) return bytes;
  return bytes - (end - page) + resident_in(page, end);
}

}  // namespace

namespace oversoak::os {

HeapHoles heap_holes() {
  constexpr WORD kNoHole =
      PROCESS_HEAP_ENTRY_BUSY | PROCESS_HEAP_REGION | PROCESS_HEAP_UNCOMMITTED_RANGE;
  const HANDLE heap = private_heap();
  HeapHoles holes;
  std::uint64_t region_bytes = 0;
  PROCESS_HEAP_ENTRY entry{};
  if (!HeapLock(heap)) fatal("HeapLock failed", GetLastError());
  while (HeapWalk(heap, &entry)) {
    if ((entry.wFlags & PROCESS_HEAP_REGION) != 0) region_bytes = entry.Region.dwCommittedSize;
    // A size below 0, as Wine 10 seems to show, would be nearly 4 GiB.
    if ((entry.wFlags & kNoHole) != 0 || entry.cbData > region_bytes) continue;
    holes.committed_bytes += entry.cbData;
    holes.resident_bytes +=
        resident_of(reinterpret_cast<std::uintptr_t>(entry.lpData), entry.cbData);
  }
  HeapUnlock(heap);
  return holes;
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
