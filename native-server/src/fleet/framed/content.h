#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace oversoak::fleet::framed {

// What the fleet makes up, as contracts/src/protocol/content.ts has it: which request comes next,
// and random bytes. All of it follows from seed, session and number of the message, so an answer is
// verified byte by byte without keeping what was sent.

// Of what random bytes consist.
enum class Alphabet : std::uint8_t { bytes, text, hex, digits };

struct Origin {
  std::uint32_t seed = 0;
  std::uint32_t session = 0;
  std::uint64_t sequence = 0;
};

// Which of the values of one message; the random field n is field n.
inline constexpr std::uint32_t kRequestField = 0x1'0000;
// Of the session: the sequence of its origin is 0.
inline constexpr std::uint32_t kSessionField = 0x2'0000;

std::uint32_t random_word(const Origin& origin, std::uint32_t field) noexcept;

// From `min` to `max`, both included.
std::size_t random_size(const Origin& origin, std::uint32_t field, std::size_t min,
                        std::size_t max) noexcept;

// The random bytes of one field.
class RandomBytes {
 public:
  RandomBytes(const Origin& origin, std::uint32_t field, Alphabet alphabet) noexcept;

  void fill(std::span<std::byte> bytes) const noexcept;
  // The first of `bytes` that is another; their number: none is.
  std::size_t first_difference(std::span<const std::byte> bytes) const noexcept;

 private:
  std::byte at(std::size_t index) const noexcept;

  std::uint32_t key_;
  Alphabet alphabet_;
};

}  // namespace oversoak::fleet::framed
