#pragma once

#include <optional>

#include "game/game.h"
#include "random.h"

// The random decisions of a content. Pure: the same random numbers give the same game under every
// layout.
namespace oversoak::game {

// CPU time that the next message of this content burns.
inline double draw_work_us(const Content& content, Random& random) noexcept {
  if (content.kinds.size() == 1) return content.kinds.front().work_us;
  double rest = random.fraction();
  for (const MessageKind& kind : content.kinds) {
    rest -= kind.share;
    if (rest < 0) return kind.work_us;
  }
  return content.kinds.back().work_us;  // shares that add up to a little less than 1
}

// Where the player goes after a message of this content; nothing: it stays.
inline std::optional<std::size_t> draw_move(const Content& content, Random& random) noexcept {
  if (content.moves.empty()) return std::nullopt;
  double rest = random.fraction();
  for (const Move& move : content.moves) {
    rest -= move.probability;
    if (rest < 0) return move.to;
  }
  return std::nullopt;
}

}  // namespace oversoak::game
