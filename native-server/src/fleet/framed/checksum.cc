#include "fleet/framed/checksum.h"

#include <array>

#include "fatal.h"
#include "wire/crc32c.h"

namespace oversoak::fleet::framed {
namespace {

constexpr std::array<std::string_view, 13> kNames{
    "crc8",  "crc16-arc", "crc16-modbus", "crc16-xmodem", "crc16-ccitt-false",
    "crc32", "crc32c",    "adler32",      "fletcher16",   "sum8",
    "sum16", "sum32",     "xor8",
};

// A CRC in the terms of the catalogue of parametrised CRC algorithms.
struct Crc {
  int width;
  std::uint32_t polynomial;
  std::uint32_t initial;
  bool reflected;  // bits go in and come out with the lowest first
  std::uint32_t xor_out;
};

constexpr std::uint32_t reversed(std::uint32_t bits, int width) noexcept {
  std::uint32_t result = 0;
  for (int bit = 0; bit < width; ++bit) result = (result << 1) | ((bits >> bit) & 1);
  return result;
}

// Of those that are not reflected the register's upper bits are used.
class CrcTable {
 public:
  constexpr explicit CrcTable(const Crc& crc) : crc_(crc) {
    const int shift = 32 - crc.width;
    const std::uint32_t taps =
        crc.reflected ? reversed(crc.polynomial, crc.width) : crc.polynomial << shift;
    for (std::uint32_t byte = 0; byte < table_.size(); ++byte) {
      std::uint32_t part = crc.reflected ? byte : byte << 24;
      for (int bit = 0; bit < 8; ++bit) {
        const bool carry = (part & (crc.reflected ? 1 : 0x8000'0000)) != 0;
        part = crc.reflected ? part >> 1 : part << 1;
        if (carry) part ^= taps;
      }
      table_[byte] = part;
    }
  }

  std::uint32_t of(std::span<const std::byte> bytes) const noexcept {
    const int shift = 32 - crc_.width;
    std::uint32_t part = crc_.reflected ? crc_.initial : crc_.initial << shift;
    for (const std::byte each : bytes) {
      const auto byte = std::to_integer<std::uint32_t>(each);
      part = crc_.reflected ? (part >> 8) ^ table_[(part ^ byte) & 0xFF]
                            : (part << 8) ^ table_[(part >> 24) ^ byte];
    }
    return (crc_.reflected ? part : part >> shift) ^ crc_.xor_out;
  }

 private:
  Crc crc_;
  std::array<std::uint32_t, 256> table_{};
};

constexpr std::uint32_t kAll = 0xFFFF'FFFF;
constexpr CrcTable kCrc8({8, 0x07, 0, false, 0});
constexpr CrcTable kCrc16Arc({16, 0x8005, 0, true, 0});
constexpr CrcTable kCrc16Modbus({16, 0x8005, 0xFFFF, true, 0});
constexpr CrcTable kCrc16Xmodem({16, 0x1021, 0, false, 0});
constexpr CrcTable kCrc16CcittFalse({16, 0x1021, 0xFFFF, false, 0});
constexpr CrcTable kCrc32({32, 0x04C11DB7, kAll, true, kAll});

// Two running sums, of which the second sums the first.
std::uint32_t running_sums(std::span<const std::byte> bytes, std::uint32_t initial,
                           std::uint32_t modulus, int shift) noexcept {
  std::uint32_t first = initial;
  std::uint32_t second = 0;
  for (const std::byte byte : bytes) {
    first = (first + std::to_integer<std::uint32_t>(byte)) % modulus;
    second = (second + first) % modulus;
  }
  return (second << shift) | first;
}

std::uint32_t sum_of(std::span<const std::byte> bytes) noexcept {
  std::uint32_t sum = 0;
  for (const std::byte byte : bytes) sum += std::to_integer<std::uint32_t>(byte);
  return sum;
}

std::uint32_t xor_of(std::span<const std::byte> bytes) noexcept {
  std::byte all{};
  for (const std::byte byte : bytes) all ^= byte;
  return std::to_integer<std::uint32_t>(all);
}

}  // namespace

std::optional<Checksum> find_checksum(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Checksum>(i);
  }
  return std::nullopt;
}

std::uint32_t checksum(Checksum which, std::span<const std::byte> bytes) noexcept {
  switch (which) {
    case Checksum::crc8:
      return kCrc8.of(bytes);
    case Checksum::crc16_arc:
      return kCrc16Arc.of(bytes);
    case Checksum::crc16_modbus:
      return kCrc16Modbus.of(bytes);
    case Checksum::crc16_xmodem:
      return kCrc16Xmodem.of(bytes);
    case Checksum::crc16_ccitt_false:
      return kCrc16CcittFalse.of(bytes);
    case Checksum::crc32:
      return kCrc32.of(bytes);
    case Checksum::crc32c:
      return wire::crc32c(bytes);
    case Checksum::adler32:
      return running_sums(bytes, 1, 65'521, 16);
    case Checksum::fletcher16:
      return running_sums(bytes, 0, 255, 8);
    case Checksum::sum8:
      return sum_of(bytes) & 0xFF;
    case Checksum::sum16:
      return sum_of(bytes) & 0xFFFF;
    case Checksum::sum32:
      return sum_of(bytes);
    case Checksum::xor8:
      return xor_of(bytes);
  }
  fatal("a checksum that a fleet does not know");
}

}  // namespace oversoak::fleet::framed
