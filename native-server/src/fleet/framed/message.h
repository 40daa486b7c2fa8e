#pragma once

#include <cstddef>
#include <span>

#include "fleet/framed/program.h"

namespace oversoak::fleet::framed {

// The number that names a message that is sent, to people and in the server's log: its identifier
// or its sequence as it stands in it; of a message with neither, its sequence.
std::uint64_t named_number(const Program& program, const Pattern& pattern,
                           const Origin& origin) noexcept;

// The bytes of an item that is sent, but for a length field's.
std::size_t item_bytes(const Item& item, const Values& values) noexcept;

// Fills the bytes of an item that follow from the values; those of a length field and of a checksum
// follow from the message. `out`: item_bytes().
void write_item(const Item& item, const Values& values, std::span<std::byte> out) noexcept;

// Of a message that is sent, its frame included.
std::size_t message_bytes(const Program& program, const Pattern& pattern,
                          const Values& values) noexcept;

// `out`: message_bytes().
void write_message(const Program& program, const Pattern& pattern, const Values& values,
                   std::span<std::byte> out) noexcept;

// The checksum of a message without its delimiter; `at`: where it stands.
std::uint32_t checksum_of(const Item& item, std::span<const std::byte> message,
                          std::size_t at) noexcept;

}  // namespace oversoak::fleet::framed
