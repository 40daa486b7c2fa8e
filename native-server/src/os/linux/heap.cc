// The C++ memory of the addon is the process's: one malloc serves Node, V8 (but for its own heap)
// and the addon, and its holes are those of all three.
#include "os/heap.h"

#include <malloc.h>

namespace oversoak::os {

std::uint64_t heap_free_bytes() { return mallinfo2().fordblks; }

}  // namespace oversoak::os
