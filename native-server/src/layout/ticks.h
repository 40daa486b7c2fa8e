#pragma once

#include <cstdint>

// The update loop of a content with ticks, and the ticks of zones. Pure.
namespace oversoak::layout {

// 0: there are none.
inline std::int64_t tick_length_ns(double ticks_per_second) noexcept {
  return ticks_per_second > 0 ? static_cast<std::int64_t>(1e9 / ticks_per_second) : 0;
}

// How many became due after the one that was due at `due_ns`, which came at `now_ns`. A loop that
// is behind leaves them out, as a game's does, instead of catching up.
inline std::int64_t ticks_skipped(std::int64_t due_ns, std::int64_t length_ns,
                                  std::int64_t now_ns) noexcept {
  return (now_ns - due_ns) / length_ns;
}

// The next one.
inline std::int64_t tick_after_ns(std::int64_t due_ns, std::int64_t length_ns,
                                  std::int64_t now_ns) noexcept {
  return due_ns + (1 + ticks_skipped(due_ns, length_ns, now_ns)) * length_ns;
}

}  // namespace oversoak::layout
