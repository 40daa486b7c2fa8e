#include "wire/crc32c_instruction.h"

// The one place that asks for the compiler and the processor: an instruction has no other name.
#if defined(__x86_64__) || defined(_M_X64)
#include <nmmintrin.h>

#include <cstring>
#if defined(_MSC_VER)
#include <intrin.h>
#define OVERSOAK_SSE42
#else
// This function alone is compiled for SSE4.2, and called only where the processor has it.
#define OVERSOAK_SSE42 __attribute__((target("sse4.2")))
#endif

namespace oversoak::wire {
namespace {

// Eight bytes a step, then those that are left.
OVERSOAK_SSE42 std::uint32_t by_instruction(std::span<const std::byte> data,
                                            std::uint32_t crc) noexcept {
  std::uint64_t rest = ~crc;
  const std::byte* at = data.data();
  std::size_t left = data.size();
  for (; left >= sizeof(std::uint64_t); left -= sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    at += sizeof(word);
    rest = _mm_crc32_u64(rest, word);
  }
  auto result = static_cast<std::uint32_t>(rest);
  for (; left > 0; --left, ++at) {
    result = _mm_crc32_u8(result, std::to_integer<std::uint8_t>(*at));
  }
  return ~result;
}

bool has_instruction() noexcept {
#if defined(_MSC_VER)
  constexpr int kFeatures = 1;
  constexpr int kSse42 = 1 << 20;  // of ECX
  int registers[4];
  __cpuid(registers, kFeatures);
  return (registers[2] & kSse42) != 0;
#else
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2");
#endif
}

}  // namespace

Crc32c crc32c_by_instruction() noexcept { return has_instruction() ? by_instruction : nullptr; }

}  // namespace oversoak::wire

#else

namespace oversoak::wire {

Crc32c crc32c_by_instruction() noexcept { return nullptr; }

}  // namespace oversoak::wire

#endif
