#include "metrics/clock.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <chrono>
#endif

namespace oversoak::metrics {

#ifdef _WIN32

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

#else

// The unit tests on Linux.
std::int64_t now_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

#endif

}  // namespace oversoak::metrics
