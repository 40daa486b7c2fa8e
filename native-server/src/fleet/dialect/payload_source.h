#pragma once

#include <cstddef>
#include <vector>

#include "random.h"

namespace oversoak::fleet {

// Random bytes that payloads are cut from, so that none is made for a message.
inline std::vector<std::byte> payload_source(std::size_t size, Random& random) {
  std::vector<std::byte> source(size);
  for (std::byte& byte : source) byte = static_cast<std::byte>(random.next() & 0xFF);
  return source;
}

}  // namespace oversoak::fleet
