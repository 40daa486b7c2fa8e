#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace oversoak::game {

using PlayerId = std::uint64_t;

// Where a player is: the content, and the thread that does it for this player.
struct Place {
  std::size_t content = 0;
  std::size_t thread = 0;

  bool operator==(const Place&) const = default;
};

enum class LockKind : std::uint8_t { mutex, srwlock, sharded };

// Every player of the server and its current place: the one structure that all threads of the
// hetero design contend for. IO threads look up the player of each message; content threads change
// the place of players that move. Any thread.
class PlayerContainer {
 public:
  // Consistent in itself at one moment; live = joins - leaves unless something is wrong.
  struct Census {
    std::uint64_t joins = 0;
    std::uint64_t leaves = 0;
    std::uint64_t live = 0;
  };

  virtual ~PlayerContainer() = default;

  virtual void join(PlayerId id, const Place& place) = 0;
  // False when there is no such player.
  virtual bool leave(PlayerId id) = 0;

  // `lock_wait_ns`: how long the lock was waited for; 0 when it was free.
  virtual std::optional<Place> find(PlayerId id, std::int64_t& lock_wait_ns) = 0;

  // Changes a player's place and calls `hand_over` under the lock: a thread that finds the player
  // at its new place finds it handed over, and consecutive moves stay in order. False, without
  // effect, when the player has left.
  virtual bool move(PlayerId id, const Place& to, const std::function<void()>& hand_over,
                    std::int64_t& lock_wait_ns) = 0;

  virtual Census census() = 0;
};

std::unique_ptr<PlayerContainer> make_player_container(LockKind kind);

}  // namespace oversoak::game
