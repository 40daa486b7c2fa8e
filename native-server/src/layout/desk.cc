#include "layout/desk.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "game/decisions.h"
#include "game/spin.h"
#include "os/clock.h"

namespace oversoak::layout {

using metrics::ServerError;

void hold(Player& player, Message& message) {
  const auto later = [](const Message* a, const Message* b) { return a->turn > b->turn; };
  auto& held = player.held;
  held.insert(std::upper_bound(held.begin(), held.end(), &message, later), &message);
}

Message* take_held(Player& player) {
  if (player.held.empty() || player.held.back()->turn != player.next_turn) return nullptr;
  Message* message = player.held.back();
  player.held.pop_back();
  return message;
}

Desk::Desk(const game::Game& game, const ContentFaultSettings& faults, std::size_t self)
    : game_(game), self_(self), faults_(faults), figures_(game.contents.size()) {}

std::optional<std::size_t> Desk::handle(Message& message, std::size_t content) {
  Player& player = *message.player;
  const bool gone = player.gone.load(std::memory_order_relaxed);
  if (!gone && !message.handled_elsewhere) {
    // The oracle: independent of the decision to handle the message here and now.
    if (player.owner.load(std::memory_order_relaxed) != self_ || player.content != content) {
      note(message, ServerError::wrong_owner,
           "handled by a thread, or as a content, that does not own the player");
    }
    work(message, content, game::draw_work_us(game_.contents[content], player.random));
  }
  if (message.turn < player.after_latest_turn) {
    note(message, ServerError::out_of_turn, "handled after a later message of its session");
  }
  player.after_latest_turn = message.turn + 1;
  player.next_turn = message.turn + 1;
  if (gone) return std::nullopt;
  return game::draw_move(game_.contents[content], player.random);
}

void Desk::handle_misrouted(Message& message, std::size_t content) {
  if (message.player->owner.load(std::memory_order_relaxed) != self_) {
    note(message, ServerError::wrong_owner, "handled by a thread that does not own the player");
  }
  // The player's random source is accessed only by its owner.
  work(message, content, game_.contents[content].kinds.front().work_us);
  message.handled_elsewhere = true;
}

void Desk::note(const Message& message, ServerError error, const char* what) {
  figures_.errors.add(error, [&] {
    const Player& player = *message.player;
    return ErrorEvidence{.error = error,
                         .at_ns = os::now_ns(),
                         .what = what,
                         .player = player.id,
                         .peer = player.peer,
                         .message = message.turn};
  });
}

void Desk::work(Message& message, std::size_t content, double work_us) {
  ContentFigures& figures = figures_.of_content[content];
  message.stamps.dequeued_ns = os::now_ns();
  if (figures.queue_wait) {
    figures.queue_wait->record(message.stamps.dequeued_ns - message.stamps.routed_ns);
  }
  const std::uint32_t stall_ms = faults_.stall_ms(content);
  if (stall_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(stall_ms));
  game::burn_us(work_us);
  message.stamps.handled_ns = os::now_ns();
  figures.handled.add();
  figures.hops.add(message.hops);
  figures.work_ns.add(
      static_cast<std::uint64_t>(message.stamps.handled_ns - message.stamps.dequeued_ns));
}

}  // namespace oversoak::layout
