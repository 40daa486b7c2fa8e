#pragma once

#include <cstddef>
#include <cstdint>

namespace oversoak::wire {

enum class ParseStatus : std::uint8_t {
  complete,           // `size` bytes are one valid message
  incomplete,         // more bytes are needed
  malformed,          // a length or a reserved field that no message has
  oversized,          // longer than allowed; known from the length alone
  checksum_mismatch,  // whole, but altered
};

// What stands at the start of received bytes.
struct Parsed {
  ParseStatus status = ParseStatus::incomplete;
  std::size_t size = 0;  // of the whole message when complete
};

}  // namespace oversoak::wire
