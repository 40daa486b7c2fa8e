#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "game/player_container.h"

namespace oversoak::game {

// One kind of message of a content.
struct MessageKind {
  double share = 1;  // of the content's messages; the shares add up to 1
  double work_us = 0;
};

struct Move {
  std::size_t to = 0;  // index of a content
  double probability = 0;
};

// What players do: lobby, pvp, dungeon.
struct Content {
  std::string name;
  std::vector<MessageKind> kinds{{}};
  double ticks_per_second = 0;  // 0: messages are handled as they come
  std::vector<Move> moves{};
};

enum class QueueKind : std::uint8_t { locked, lock_free };

// Updates that the server sends to the members of a zone on its own.
struct ZoneTickSettings {
  double per_second = 0;  // of each zone; 0: none
  std::size_t bytes = 0;  // of the frame of one
};

// The same under every layout. Validated by the caller; the defaults are in contracts/.
struct Game {
  std::vector<Content> contents;  // at least one; a player begins in the first
  LockKind container_lock = LockKind::mutex;
  QueueKind content_queue = QueueKind::locked;
  std::size_t queue_limit = 65'536;  // messages that may wait for one content thread
  ZoneTickSettings zone_ticks{};
};

}  // namespace oversoak::game
