#include "os/clock.h"

#include <windows.h>

namespace oversoak::os {

namespace {

std::int64_t frequency_hz() noexcept {
  LARGE_INTEGER frequency;
  QueryPerformanceFrequency(&frequency);  // never fails since Windows XP
  return frequency.QuadPart;
}

constexpr std::int64_t kSecond_ns = 1'000'000'000;

}  // namespace

std::int64_t now_ns() noexcept {
  static const std::int64_t hertz = frequency_hz();
  LARGE_INTEGER count;
  QueryPerformanceCounter(&count);
  // Whole seconds apart: ticks times 1e9 would overflow within hours at 10 MHz.
  return count.QuadPart / hertz * kSecond_ns + count.QuadPart % hertz * kSecond_ns / hertz;
}

}  // namespace oversoak::os
