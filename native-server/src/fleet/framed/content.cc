#include "fleet/framed/content.h"

#include <string_view>

namespace oversoak::fleet::framed {
namespace {

constexpr std::uint32_t kGolden = 0x9E3779B9;

// The finaliser of MurmurHash3.
constexpr std::uint32_t mixed(std::uint32_t bits) noexcept {
  bits = (bits ^ (bits >> 16)) * 0x85EBCA6B;
  bits = (bits ^ (bits >> 13)) * 0xC2B2AE35;
  return bits ^ (bits >> 16);
}

std::uint32_t key_of(const Origin& origin, std::uint32_t field) noexcept {
  std::uint32_t key = mixed(origin.seed);
  for (const std::uint32_t word : {origin.session, static_cast<std::uint32_t>(origin.sequence),
                                   static_cast<std::uint32_t>(origin.sequence >> 32), field}) {
    key = mixed((key ^ word) + kGolden);
  }
  return key;
}

constexpr std::uint32_t word_at(std::uint32_t key, std::uint32_t index) noexcept {
  return mixed(key + (index + 1) * kGolden);
}

constexpr std::string_view characters_of(Alphabet alphabet) noexcept {
  switch (alphabet) {
    case Alphabet::bytes:
      return {};
    case Alphabet::text:
      return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    case Alphabet::hex:
      return "0123456789abcdef";
    case Alphabet::digits:
      return "0123456789";
  }
  return {};
}

}  // namespace

std::uint32_t random_word(const Origin& origin, std::uint32_t field) noexcept {
  return word_at(key_of(origin, field), 0);
}

std::size_t random_size(const Origin& origin, std::uint32_t field, std::size_t min,
                        std::size_t max) noexcept {
  if (min == max) return min;
  return min + random_word(origin, field) % (max - min + 1);
}

RandomBytes::RandomBytes(const Origin& origin, std::uint32_t field, Alphabet alphabet) noexcept
    : key_(key_of(origin, field)), alphabet_(alphabet) {}

std::byte RandomBytes::at(std::size_t index) const noexcept {
  const std::uint32_t word = word_at(key_, 1 + static_cast<std::uint32_t>(index >> 2));
  const auto byte = static_cast<std::uint8_t>(word >> (8 * (index & 3)));
  if (alphabet_ == Alphabet::bytes) return std::byte{byte};
  const std::string_view characters = characters_of(alphabet_);
  return static_cast<std::byte>(characters[byte % characters.size()]);
}

void RandomBytes::fill(std::span<std::byte> bytes) const noexcept {
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = at(i);
}

std::size_t RandomBytes::first_difference(std::span<const std::byte> bytes) const noexcept {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != at(i)) return i;
  }
  return bytes.size();
}

}  // namespace oversoak::fleet::framed
