#include "layout/homo_desk.h"

#include <algorithm>

#include "layout/ticks.h"
#include "os/clock.h"

namespace oversoak::layout {

HomoDesk::HomoDesk(const game::Game& game, const ContentFaultSettings& faults, std::size_t self)
    : desk_(game, faults, self), ticks_(game.contents.size()) {
  const std::int64_t now_ns = os::now_ns();
  for (std::size_t content = 0; content < ticks_.size(); ++content) {
    Tick& tick = ticks_[content];
    tick.length_ns = tick_length_ns(game.contents[content].ticks_per_second);
    if (tick.length_ns == 0) continue;
    tick.next_ns = now_ns + tick.length_ns;
    desk_.figures().of_content[content].queue_wait = std::make_unique<metrics::Histogram>();
  }
}

void HomoDesk::handle(Message& message) {
  Player& player = *message.player;
  const std::size_t wrong = player.take_misroute();
  const std::size_t content = wrong == Player::kNobody ? player.content : wrong;
  const auto to = desk_.handle(message, content);
  // A content that was left by mistake may lead to where the player is.
  if (!to || *to == player.content) return;
  if (desk_.misroutes_now()) player.misroute_to.store(player.content, std::memory_order_relaxed);
  player.content = *to;
  desk_.figures().moves.add();
  desk_.figures().of_content[*to].arrivals.add();
}

void HomoDesk::keep(Message& message) {
  Player& player = *message.player;
  if (message.turn == player.next_turn) {
    ticks_[player.content].waiting.push_back(&message);
  } else {
    hold(player, message);
  }
}

std::int64_t HomoDesk::next_tick_ns() const noexcept {
  std::int64_t next_ns = kNever;
  for (const Tick& tick : ticks_) next_ns = std::min(next_ns, tick.next_ns);
  return next_ns;
}

void HomoDesk::tick(std::int64_t now_ns, std::vector<Message*>& handled) {
  for (std::size_t content = 0; content < ticks_.size(); ++content) {
    Tick& tick = ticks_[content];
    if (now_ns < tick.next_ns) continue;
    tick.next_ns = tick_after_ns(tick.next_ns, tick.length_ns, now_ns);
    due_.swap(tick.waiting);
    if (!due_.empty()) {
      ContentFigures& figures = desk_.figures().of_content[content];
      figures.depth_max.raise_to(due_.size());
      figures.depth_sum.add(due_.size());
      figures.depth_looks.add();
    }
    for (Message* message : due_) handle_all(*message, content, handled);
    due_.clear();
  }
}

// The message and those held behind it, as long as its player stays or moves where no tick is
// waited for.
void HomoDesk::handle_all(Message& message, std::size_t content, std::vector<Message*>& handled) {
  Player& player = *message.player;
  for (Message* next = &message; next != nullptr; next = take_held(player)) {
    if (player.content != content && ticks_[player.content].length_ns != 0) {
      ticks_[player.content].waiting.push_back(next);
      return;
    }
    handle(*next);
    handled.push_back(next);
  }
}

}  // namespace oversoak::layout
