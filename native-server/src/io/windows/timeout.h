#pragma once

#include <cstdint>

#include "io/notifier.h"
#include "io/windows/winsock.h"
#include "os/clock.h"

namespace oversoak::io {

// The timeout of a wait of Windows, in milliseconds, for a point in time. Rounded up, because a
// wait that ends too early would only have to be repeated.
inline DWORD milliseconds_until(std::int64_t until_ns) noexcept {
  constexpr std::int64_t kMillisecond_ns = 1'000'000;
  if (until_ns == Notifier::kForever) return INFINITE;
  if (until_ns == Notifier::kNow) return 0;
  const std::int64_t left_ns = until_ns - os::now_ns();
  if (left_ns <= 0) return 0;
  const std::int64_t left_ms = (left_ns + kMillisecond_ns - 1) / kMillisecond_ns;
  return left_ms < INFINITE ? static_cast<DWORD>(left_ms) : INFINITE - 1;
}

}  // namespace oversoak::io
