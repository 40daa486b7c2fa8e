#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace oversoak::fleet {

// A few bytes, for people.
struct Excerpt {
  static constexpr std::size_t kMost = 32;

  std::array<std::byte, kMost> bytes{};
  std::size_t size = 0;

  static Excerpt of(std::span<const std::byte> source) noexcept {
    Excerpt excerpt;
    excerpt.size = std::min(source.size(), kMost);
    std::copy_n(source.begin(), excerpt.size, excerpt.bytes.begin());
    return excerpt;
  }
};

// What came in place of what had been sent.
struct Mismatch {
  const char* what = "";                            // of static storage
  std::optional<std::uint64_t> message{};           // its number in the connection, from 0
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
