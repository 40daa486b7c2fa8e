#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace oversoak::wire {

// A few bytes, for people.
struct Excerpt {
  static constexpr std::size_t kMax = 32;

  std::array<std::byte, kMax> bytes{};
  std::size_t size = 0;

  static Excerpt of(std::span<const std::byte> source) noexcept {
    Excerpt excerpt;
    excerpt.size = std::min(source.size(), kMax);
    std::copy_n(source.begin(), excerpt.size, excerpt.bytes.begin());
    return excerpt;
  }
};

}  // namespace oversoak::wire
