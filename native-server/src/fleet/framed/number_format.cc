#include "fleet/framed/number_format.h"

#include <algorithm>

namespace oversoak::fleet::framed {
namespace {

constexpr std::uint64_t kByte = 256;

// base^digits, at most kMostNumber.
std::uint64_t numbers_of(std::uint64_t base, std::size_t digits) noexcept {
  std::uint64_t numbers = 1;
  for (std::size_t i = 0; i < digits; ++i) {
    if (numbers > kMostNumber / base) return kMostNumber;
    numbers *= base;
  }
  return numbers;
}

std::optional<unsigned> digit_of(std::byte character) noexcept {
  const auto code = std::to_integer<unsigned>(character);
  if (code >= '0' && code <= '9') return code - '0';
  if (code >= 'a' && code <= 'f') return code - 'a' + 10;
  if (code >= 'A' && code <= 'F') return code - 'A' + 10;
  return std::nullopt;
}

}  // namespace

NumberFormat::NumberFormat(Kind kind, std::size_t size, bool little)
    : kind_(kind), little_(little), size_(size) {
  const bool any_size = kind != Kind::binary && size == 0;
  distinct_ = any_size ? kMostNumber : numbers_of(kind == Kind::binary ? kByte : base(), size);
}

std::optional<std::size_t> NumberFormat::fixed_bytes() const noexcept {
  if (kind_ != Kind::binary && size_ == 0) return std::nullopt;
  return size_;
}

std::size_t NumberFormat::bytes_of(std::uint64_t value) const noexcept {
  if (const auto fixed = fixed_bytes()) return *fixed;
  std::size_t digits = 1;
  for (std::uint64_t rest = value % distinct_ / base(); rest > 0; rest /= base()) ++digits;
  return digits;
}

void NumberFormat::encode(std::uint64_t value, std::span<std::byte> out) const noexcept {
  std::uint64_t rest = value % distinct_;
  const std::uint64_t radix = kind_ == Kind::binary ? kByte : base();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto digit = static_cast<std::uint8_t>(rest % radix);
    rest /= radix;
    const bool lowest_first = kind_ == Kind::binary && little_;
    std::byte& place = out[lowest_first ? i : out.size() - 1 - i];
    place = static_cast<std::byte>(kind_ == Kind::binary ? digit : "0123456789abcdef"[digit]);
  }
}

std::optional<std::uint64_t> NumberFormat::decode(std::span<const std::byte> bytes) const noexcept {
  std::uint64_t value = 0;
  const std::uint64_t radix = kind_ == Kind::binary ? kByte : base();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool lowest_first = kind_ == Kind::binary && little_;
    const std::byte byte = bytes[lowest_first ? bytes.size() - 1 - i : i];
    std::uint64_t digit = std::to_integer<std::uint64_t>(byte);
    if (kind_ != Kind::binary) {
      const auto found = digit_of(byte);
      if (!found || *found >= radix) return std::nullopt;
      digit = *found;
    }
    if (value > (kMostNumber - digit) / radix) return std::nullopt;
    value = value * radix + digit;
  }
  return value;
}

}  // namespace oversoak::fleet::framed
