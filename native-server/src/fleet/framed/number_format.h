#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace oversoak::fleet::framed {

// The largest number that JavaScript, which checked the description, has exactly.
inline constexpr std::uint64_t kMostNumber = (std::uint64_t{1} << 53) - 1;
// Digits of kMostNumber, the longest number of no fixed size.
inline constexpr std::size_t kMostNumberBytes = 16;

// How a number stands in a message.
class NumberFormat {
 public:
  enum class Kind : std::uint8_t { binary, decimal, hex };

  NumberFormat() = default;
  // `size`: bytes from 1 to 8, or digits, of a decimal number up to 15 and of a hexadecimal one up
  // to 13; 0: as many decimal digits as the number has. `little`: the lowest byte comes first.
  NumberFormat(Kind kind, std::size_t size, bool little);

  // How many numbers it distinguishes; a larger one loses its upper digits.
  std::uint64_t distinct() const noexcept { return distinct_; }

  std::size_t bytes_of(std::uint64_t value) const noexcept;
  // None: it depends on the number.
  std::optional<std::size_t> fixed_bytes() const noexcept;

  // `out`: bytes_of(value).
  void encode(std::uint64_t value, std::span<std::byte> out) const noexcept;
  // None: no number of this format, or one above kMostNumber.
  std::optional<std::uint64_t> decode(std::span<const std::byte> bytes) const noexcept;

 private:
  std::uint64_t base() const noexcept { return kind_ == Kind::hex ? 16 : 10; }

  Kind kind_ = Kind::binary;
  bool little_ = true;
  std::size_t size_ = 1;
  std::uint64_t distinct_ = 256;
};

}  // namespace oversoak::fleet::framed
