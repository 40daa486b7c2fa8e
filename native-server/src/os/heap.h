#pragma once

#include <cstdint>

namespace oversoak::os {

// Bytes of the addon's heap that are committed and hold nothing: what was given back and not to the
// system. Walks the heap under its lock; not for a path that is taken often.
std::uint64_t heap_free_bytes();

}  // namespace oversoak::os
