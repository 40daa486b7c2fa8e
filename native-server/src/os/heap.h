#pragma once

#include <cstdint>

namespace oversoak::os {

// Bytes of the addon's heap that are committed and free: deallocated, and not returned to the
// system. Walks the heap under its lock, so not for a hot path.
std::uint64_t heap_free_bytes();

}  // namespace oversoak::os
