#include "wire/crc32c.h"

#include <array>

#include "wire/crc32c_instruction.h"

namespace oversoak::wire {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;  // reflected
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][i] = crc;
  }
  for (std::size_t slice = 1; slice < 8; ++slice) {
    for (std::size_t i = 0; i < 256; ++i) {
      const std::uint32_t before = tables[slice - 1][i];
      tables[slice][i] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

constexpr std::uint32_t octet(std::byte value) { return std::to_integer<std::uint32_t>(value); }

Crc32c fastest() noexcept {
  const Crc32c by_instruction = crc32c_by_instruction();
  return by_instruction != nullptr ? by_instruction : crc32c_by_table;
}

// Chosen before the first thread that needs it.
const Crc32c kFastest = fastest();

}  // namespace

std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t crc) noexcept {
  return kFastest(data, crc);
}

// Eight bytes a step ("slicing by 8", Kounavis and Berry 2005).
std::uint32_t crc32c_by_table(std::span<const std::byte> data, std::uint32_t crc) noexcept {
  crc = ~crc;
  const std::byte* at = data.data();
  std::size_t left = data.size();
  for (; left >= 8; left -= 8, at += 8) {
    const std::uint32_t low =
        crc ^ (octet(at[0]) | octet(at[1]) << 8 | octet(at[2]) << 16 | octet(at[3]) << 24);
    crc = kTables[7][low & 0xFF] ^ kTables[6][(low >> 8) & 0xFF] ^ kTables[5][(low >> 16) & 0xFF] ^
          kTables[4][low >> 24] ^ kTables[3][octet(at[4])] ^ kTables[2][octet(at[5])] ^
          kTables[1][octet(at[6])] ^ kTables[0][octet(at[7])];
  }
  for (; left > 0; --left, ++at) crc = (crc >> 8) ^ kTables[0][(crc ^ octet(*at)) & 0xFF];
  return ~crc;
}

}  // namespace oversoak::wire
