#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace oversoak::wire {

// CRC-32C (Castagnoli, RFC 3720 appendix B.4). `crc` is the result so far, so that a checksum can
// go on over several ranges: crc32c(b, crc32c(a)) is the checksum of a followed by b.
std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t crc = 0) noexcept;

// The same where the processor has no instruction for it.
std::uint32_t crc32c_by_table(std::span<const std::byte> data, std::uint32_t crc = 0) noexcept;

}  // namespace oversoak::wire
