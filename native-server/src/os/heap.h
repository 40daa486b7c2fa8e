#pragma once

#include <cstdint>

namespace oversoak::os {

// Bytes of the addon's heap that hold nothing.
struct HeapHoles {
  std::uint64_t committed_bytes = 0;  // not returned to the system
  std::uint64_t resident_bytes = 0;   // of those: in memory. A heap that grows has not touched all.
};

// Walks the heap under its lock, so not for a hot path.
HeapHoles heap_holes();

}  // namespace oversoak::os
