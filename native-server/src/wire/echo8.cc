#include "wire/echo8.h"

#include "wire/little_endian.h"

namespace oversoak::wire::echo8 {

Parsed parse(std::span<const std::byte> data) noexcept {
  if (data.size() < kLengthBytes) return {ParseStatus::incomplete};
  if (read<std::uint16_t>(data, 0) != kValueBytes) return {ParseStatus::malformed};
  if (data.size() < kMessageBytes) return {ParseStatus::incomplete};
  return {ParseStatus::complete, kMessageBytes};
}

std::uint64_t value_of(std::span<const std::byte> message) noexcept {
  return read<std::uint64_t>(message, kLengthBytes);
}

void build(std::span<std::byte> message, std::uint64_t value) noexcept {
  write(message, 0, static_cast<std::uint16_t>(kValueBytes));
  write(message, kLengthBytes, value);
}

}  // namespace oversoak::wire::echo8
