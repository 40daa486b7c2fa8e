#pragma once

#include <ctime>
#include <optional>

#include "io/notifier.h"
#include "os/clock.h"

namespace oversoak::io {

// The timeout of a wait of Linux for a point in time: the time from now; none: no timeout.
inline std::optional<timespec> time_left_until(std::int64_t until_ns) noexcept {
  constexpr std::int64_t kSecond_ns = 1'000'000'000;
  if (until_ns == Notifier::kForever) return std::nullopt;
  if (until_ns == Notifier::kNow) return timespec{};
  const std::int64_t left_ns = until_ns - os::now_ns();
  if (left_ns <= 0) return timespec{};
  return timespec{left_ns / kSecond_ns, left_ns % kSecond_ns};
}

}  // namespace oversoak::io
