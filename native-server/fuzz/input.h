#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace oversoak::fuzz {

// The fuzzer's bytes, taken one after the other; zeroes when there are no more.
class Input {
 public:
  explicit Input(std::span<const std::byte> bytes) : left_(bytes) {}

  bool empty() const noexcept { return left_.empty(); }

  std::uint8_t byte() noexcept {
    const auto one = bytes(1);
    return one.empty() ? 0 : std::to_integer<std::uint8_t>(one[0]);
  }

  std::uint64_t word() noexcept {
    std::uint64_t value = 0;
    for (const std::byte byte : bytes(8)) value = value << 8 | std::to_integer<std::uint8_t>(byte);
    return value;
  }

  // So many, or what is left.
  std::span<const std::byte> bytes(std::size_t size) noexcept {
    const auto taken = left_.first(std::min(size, left_.size()));
    left_ = left_.subspan(taken.size());
    return taken;
  }

 private:
  std::span<const std::byte> left_;
};

}  // namespace oversoak::fuzz
