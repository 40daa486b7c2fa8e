#pragma once

#include <cstdint>

#include "game/game.h"

// The update loop of a content with ticks. Pure.
namespace oversoak::layout {

// 0: the content has none.
inline std::int64_t tick_length_ns(const game::Content& content) noexcept {
  return content.ticks_per_second > 0 ? static_cast<std::int64_t>(1e9 / content.ticks_per_second)
                                      : 0;
}

// The tick after the one that was due at `due_ns`, which came at `now_ns`. A loop that is behind
// leaves ticks out, as a game's does, instead of catching up.
inline std::int64_t tick_after_ns(std::int64_t due_ns, std::int64_t length_ns,
                                  std::int64_t now_ns) noexcept {
  return due_ns + (1 + (now_ns - due_ns) / length_ns) * length_ns;
}

}  // namespace oversoak::layout
