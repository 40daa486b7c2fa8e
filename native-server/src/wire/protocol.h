#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "wire/parsed.h"

namespace oversoak::wire {

// What the bytes of a connection mean.
enum class Protocol : std::uint8_t {
  oversoak,  // frames with times, stamps and a checksum: wire/frame.h
  echo8,     // a length and a rising value: wire/echo8.h
  raw,       // any bytes; they have no ends, so whatever is there is one message
};

// The names of contracts/src/options/matrix.ts.
std::string_view name_of(Protocol protocol) noexcept;
std::optional<Protocol> find_protocol(std::string_view name) noexcept;

// Looks at the message that starts at data[0]. Never reads past `data`. A raw message is cut at
// `max_frame_bytes`; one of echo8 always has the same length.
Parsed parse(Protocol protocol, std::span<const std::byte> data,
             std::size_t max_frame_bytes) noexcept;

// Of a message that `parse` called complete: the bytes of its answer.
std::size_t answer_bytes(Protocol protocol, std::span<const std::byte> message) noexcept;

// Fills `answer`, which is answer_bytes() long: an echo, unless the message asks for another size.
void write_answer(Protocol protocol, std::span<std::byte> answer,
                  std::span<const std::byte> message) noexcept;

}  // namespace oversoak::wire
