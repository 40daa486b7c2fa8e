// How a player moves from one content thread to another, and how its messages follow.
#include <functional>
#include <utility>

#include "fatal.h"
#include "layout/content_thread.h"
#include "os/clock.h"

namespace oversoak::layout {

// The owner hands the player to the next content's thread. That happens under the container's lock,
// so the handover is in that thread's queue before any message that was routed there, and comes out
// before it. From the push on the player is the next thread's.
void ContentThread::move(Player& player, std::size_t content,
                         const std::shared_ptr<void>& keep_alive) {
  const std::size_t channels = threads_.size() / game_.contents.size();
  const game::Place to{content, content * channels + player.id % channels};
  const std::int64_t began_ns = os::now_ns();
  const bool misroute = desk_.misroutes_now();
  const auto hand_over = [&] {
    player.moved_ns = began_ns;
    if (misroute) player.misroute_to.store(desk_.self(), std::memory_order_relaxed);
    player.handover.keep_alive = keep_alive;
    player.owner.store(Player::kNobody, std::memory_order_relaxed);
    threads_[to.thread]->push(player.handover);
  };
  std::int64_t lock_wait_ns = 0;
  if (!players_.move(player.id, to, std::ref(hand_over), lock_wait_ns)) return;
  DeskFigures& figures = desk_.figures();
  figures.moves.add();
  figures.container_changes.add();
  figures.lock_wait->record(lock_wait_ns);
}

void ContentThread::adopt(Player& player) {
  // Released at the end of this function; the session may end with it.
  const std::shared_ptr<void> keep_alive = std::move(player.handover.keep_alive);
  player.content = place_.content;
  player.owner.store(desk_.self(), std::memory_order_release);
  desk_.figures().of_content[place_.content].arrivals.add();
  desk_.figures().move_latency->record(os::now_ns() - player.moved_ns);
  if (Message* held = take_held(player)) handle_in_turn(*held);
}

// The player has moved. A session leaves the container only when all its messages are back.
void ContentThread::pass_on(Message& message) {
  std::int64_t lock_wait_ns = 0;
  const auto place = players_.find(message.player->id, lock_wait_ns);
  if (!place) fatal("a message of a player who has left");
  DeskFigures& figures = desk_.figures();
  figures.container_lookups.add();
  figures.lock_wait->record(lock_wait_ns);
  figures.of_content[place_.content].rerouted.add();
  threads_[place->thread]->push(message);
}

}  // namespace oversoak::layout
