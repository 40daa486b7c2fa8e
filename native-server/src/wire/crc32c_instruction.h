#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace oversoak::wire {

using Crc32c = std::uint32_t (*)(std::span<const std::byte> data, std::uint32_t crc) noexcept;

// crc32c by the processor's own instruction (SSE4.2); null where this one has none.
Crc32c crc32c_by_instruction() noexcept;

}  // namespace oversoak::wire
