#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace oversoak::fleet::framed {

// The checksums of contracts/src/protocol/checksum.ts.
enum class Checksum : std::uint8_t {
  crc8,
  crc16_arc,
  crc16_modbus,
  crc16_xmodem,
  crc16_ccitt_false,
  crc32,
  crc32c,
  adler32,
  fletcher16,
  sum8,
  sum16,
  sum32,
  xor8,
};

std::optional<Checksum> find_checksum(std::string_view name) noexcept;
std::uint32_t checksum(Checksum which, std::span<const std::byte> bytes) noexcept;

}  // namespace oversoak::fleet::framed
