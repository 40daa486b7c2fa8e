#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fleet/framed/program.h"
#include "wire/excerpt.h"

namespace oversoak::fleet::framed {

// The message at the start of what was received.
struct Cut {
  enum class Status : std::uint8_t { incomplete, complete, broken };
  Status status = Status::incomplete;
  std::size_t bytes = 0;          // of the whole message
  std::size_t content_bytes = 0;  // without its delimiter
  const char* what = "";          // broken: why; of static storage
};

// Not for a framing by message, where only a pattern determines it.
Cut cut_message(const Program& program, std::span<const std::byte> data) noexcept;

// How a message differs from what was expected: its first wrong byte.
struct Difference {
  std::size_t offset = 0;
  const char* what = "";  // of static storage
  wire::Excerpt expected{};
};

struct Matched {
  enum class Status : std::uint8_t {
    matched,
    incomplete,  // so far it fits, and more bytes can make it whole
    differs,
  };
  Status status = Status::incomplete;
  std::size_t bytes = 0;  // matched: of the message
};

// Holds a message against a pattern. `whole`: `data` is exactly one message; otherwise its
// beginning may be one. `values`: of the request that it would answer. `difference`: filled if it
// is wanted and there is one.
Matched match_message(const Program& program, const Pattern& pattern,
                      std::span<const std::byte> data, const Values& values, bool whole,
                      Difference* difference = nullptr);

}  // namespace oversoak::fleet::framed
