#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "wire/excerpt.h"

namespace oversoak::fleet {

using wire::Excerpt;

// What came in place of what had been sent.
struct Mismatch {
  const char* what = "";  // of static storage
  // Its number in the connection, from 0; the exchange reports Dialect::named_number() of it.
  std::optional<std::uint64_t> message{};
  std::optional<std::uint64_t> expected_message{};  // where another one was due
  std::optional<std::uint64_t> offset{};  // of the first wrong byte; see Dialect::mismatch
  Excerpt expected{};                     // from that byte on
  Excerpt got{};
};

// The first byte in which two texts differ, without those from `ignored_from` to `ignored_to`.
inline std::size_t first_difference(std::span<const std::byte> a, std::span<const std::byte> b,
                                    std::size_t ignored_from = 0,
                                    std::size_t ignored_to = 0) noexcept {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (a[i] != b[i] && (i < ignored_from || i >= ignored_to)) return i;
  }
  return common;
}

}  // namespace oversoak::fleet
