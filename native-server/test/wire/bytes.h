#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "random.h"
#include "wire/frame.h"

// Bytes for the tests of the wire.
namespace oversoak::test {

using Bytes = std::vector<std::byte>;

inline Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline Bytes random_bytes(Random& random, std::size_t size) {
  Bytes bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.next() & 0xFF);
  return bytes;
}

// A valid frame of `size` bytes with random contents.
inline Bytes random_frame(Random& random, std::size_t size) {
  Bytes frame(size);
  const wire::Header header{random.next(), static_cast<std::int64_t>(random.next()),
                            static_cast<std::int64_t>(random.next())};
  wire::build(frame, header, random_bytes(random, size - wire::kOverheadBytes));
  return frame;
}

}  // namespace oversoak::test
