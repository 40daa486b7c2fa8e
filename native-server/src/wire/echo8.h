#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "wire/parsed.h"

// The message of the echo soak that server courses run. All integers are little-endian.
//
//   offset  size  field
//        0     2  length    bytes that follow this field: 8
//        2     8  value     unique and rising per connection
namespace oversoak::wire::echo8 {

inline constexpr std::size_t kLengthBytes = 2;
inline constexpr std::size_t kValueBytes = 8;
inline constexpr std::size_t kMessageBytes = kLengthBytes + kValueBytes;

// Looks at the message that starts at data[0]. Never reads past `data`.
Parsed parse(std::span<const std::byte> data) noexcept;

// Of a message that `parse` called complete.
std::uint64_t value_of(std::span<const std::byte> message) noexcept;

// Fills `message` (kMessageBytes long).
void build(std::span<std::byte> message, std::uint64_t value) noexcept;

}  // namespace oversoak::wire::echo8
