#pragma once

#include <concepts>
#include <cstddef>
#include <span>

namespace oversoak::wire {

// The lowest `Bytes` bytes of an integer, the lowest first.
template <std::unsigned_integral T, std::size_t Bytes = sizeof(T)>
T read(std::span<const std::byte> from, std::size_t offset) noexcept {
  T value = 0;
  for (std::size_t i = 0; i < Bytes; ++i) {
    value = static_cast<T>(value | static_cast<T>(std::to_integer<T>(from[offset + i]) << (8 * i)));
  }
  return value;
}

template <std::unsigned_integral T, std::size_t Bytes = sizeof(T)>
void write(std::span<std::byte> to, std::size_t offset, T value) noexcept {
  for (std::size_t i = 0; i < Bytes; ++i) {
    to[offset + i] = static_cast<std::byte>((value >> (8 * i)) & 0xFF);
  }
}

}  // namespace oversoak::wire
