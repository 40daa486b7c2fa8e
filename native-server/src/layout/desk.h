#pragma once

#include <cstdint>
#include <optional>

#include "game/game.h"
#include "layout/content_faults.h"
#include "layout/figures.h"
#include "layout/message.h"
#include "layout/player.h"

namespace oversoak::layout {

// What a thread does with a message from its queue.
enum class Admission : std::uint8_t {
  handle,   // the player is here and it is this message's turn
  hold,     // the player is here, but an earlier message is still on its way
  pass_on,  // the player has moved to another thread
};

// The routing decision. `self` is the deciding thread. During a handover a player has no owner, and
// `self` then passes the message on. Only the owner may read the turn.
inline Admission admit(const Player& player, std::size_t self, std::uint64_t turn) noexcept {
  if (player.owner.load(std::memory_order_acquire) != self) return Admission::pass_on;
  return turn == player.next_turn ? Admission::handle : Admission::hold;
}

// A message that comes before its turn waits with the player, wherever that goes.
void hold(Player& player, Message& message);
// The held message whose turn it is now, if it is there.
Message* take_held(Player& player);

// Where contents are done, the same under every layout: the work, the moves, the oracle. Each
// thread that does contents has one.
class Desk {
 public:
  // `self`: the thread's number in Player::owner. `game` outlives the desk.
  Desk(const game::Game& game, const ContentFaultSettings& faults, std::size_t self);

  std::size_t self() const noexcept { return self_; }

  // Handles a message as one of `content`, and keeps its turn: burns the work, stamps, and decides
  // where the player goes (nothing: it stays). The player is this thread's. Of a session that is
  // over only the turn is kept.
  std::optional<std::size_t> handle(Message& message, std::size_t content);

  // Planted fault: handles a message of a player that another thread owns, touching nothing of it.
  void handle_misrouted(Message& message, std::size_t content);

  // Whether this move is one after which the next message is delivered to the old content.
  bool misroutes_now() noexcept { return faults_.misroutes_now(); }

  DeskFigures& figures() noexcept { return figures_; }
  const DeskFigures& figures() const noexcept { return figures_; }

 private:
  void note(const Message& message, metrics::ServerError error, const char* what);
  void work(Message& message, std::size_t content, double work_us);

  const game::Game& game_;
  const std::size_t self_;
  ContentFaultPlan faults_;
  DeskFigures figures_;
};

}  // namespace oversoak::layout
