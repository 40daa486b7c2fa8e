#pragma once

#include <cstdint>
#include <vector>

#include "layout/desk.h"

namespace oversoak::layout {

// The contents as an IO thread does them in homo: all of them, for its own players, at once or, in
// contents with ticks, at the next tick.
class HomoDesk {
 public:
  HomoDesk(const game::Game& game, const ContentFaultSettings& faults, std::size_t self);

  // Whether the player's message of this turn is handled now; else it has to be kept.
  bool is_ready(const Player& player, std::uint64_t turn) const noexcept {
    return turn == player.next_turn && ticks_[player.content].length_ns == 0;
  }

  // Handles a message that is ready.
  void handle(Message& message);

  // Takes a message that is not ready. It waits for the tick, or for those before it.
  void keep(Message& message);

  // When tick() is to be called; kNever without ticks.
  static constexpr std::int64_t kNever = INT64_MAX;
  std::int64_t next_tick_ns() const noexcept;

  // Handles what waited for the ticks that are due, and appends it to `handled`.
  void tick(std::int64_t now_ns, std::vector<Message*>& handled);

  const DeskFigures& figures() const noexcept { return desk_.figures(); }

 private:
  struct Tick {
    std::int64_t length_ns = 0;  // 0: no ticks
    std::int64_t next_ns = kNever;
    std::vector<Message*> waiting;
  };

  void handle_all(Message& message, std::size_t content, std::vector<Message*>& handled);

  Desk desk_;
  std::vector<Tick> ticks_;  // by content
  std::vector<Message*> due_;
};

}  // namespace oversoak::layout
