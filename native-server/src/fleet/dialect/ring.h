#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace oversoak::fleet {

// A ring of messages by their numbers, a power of two long, becomes `size` long and keeps those
// from `oldest` to before `next`.
template <typename Entry>
void grow_ring(std::vector<Entry>& ring, std::uint64_t oldest, std::uint64_t next,
               std::size_t size) {
  std::vector<Entry> more(size);
  for (std::uint64_t message = oldest; message < next; ++message) {
    more[message & (size - 1)] = ring[message & (ring.size() - 1)];
  }
  ring.swap(more);
}

}  // namespace oversoak::fleet
