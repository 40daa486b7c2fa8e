#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "game/player_container.h"
#include "io/address.h"
#include "layout/message.h"
#include "random.h"

namespace oversoak::layout {

// A player on the server. Part of its session. At each moment one thread owns it and is the only
// one to access its non-atomic members. A move passes the ownership on through the next thread's
// queue.
struct Player {
  static constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

  explicit Player(game::PlayerId player_id, const io::Address& peer_address = {})
      : id(player_id), peer(peer_address), random(player_id) {
    handover.kind = Message::Kind::handover;
    handover.player = this;
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  const game::PlayerId id;
  const io::Address peer;  // the other end of its connection
  // The thread that owns the player; nobody while it is handed over. Written by the owner.
  std::atomic<std::size_t> owner{kNobody};
  // The session is over: messages that are still out are given back without work. Written by the
  // IO thread.
  std::atomic<bool> gone{false};
  // Planted fault: the thread to which the next message is wrongly delivered, else kNobody.
  std::atomic<std::size_t> misroute_to{kNobody};

  // Takes what `misroute_to` says; without the fault it is one look.
  std::size_t take_misroute() noexcept {
    if (misroute_to.load(std::memory_order_relaxed) == kNobody) return kNobody;
    return misroute_to.exchange(kNobody, std::memory_order_relaxed);
  }

  // The owner's.
  std::size_t content = 0;
  std::uint64_t next_turn = 0;          // of the message that is to be handled now
  std::uint64_t after_latest_turn = 0;  // the oracle's own account of what was handled
  std::vector<Message*> held;           // came before their turn, soonest last
  Random random;
  std::int64_t moved_ns = 0;  // when the move under way began

  // In the next owner's queue during a move; there is at most one move at a time.
  Message handover;
};

}  // namespace oversoak::layout
