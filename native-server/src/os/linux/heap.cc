// The C++ memory of the addon is the process's: one malloc serves Node, V8 (but for its own heap)
// and the addon, and its holes are those of all three.
#include "os/heap.h"

#include <malloc.h>

namespace oversoak::os {

// It grows by little, so nearly all of them have been touched.
HeapHoles heap_holes() {
  const std::uint64_t free_bytes = mallinfo2().fordblks;
  return {free_bytes, free_bytes};
}

}  // namespace oversoak::os
