#include "layout/hetero.h"

#include "fatal.h"
#include "os/clock.h"

namespace oversoak::layout {

Hetero::Hetero(const game::Game& game, const ContentFaultSettings& faults,
               game::PlayerContainer& players, std::size_t threads_per_content)
    : players_(players), channels_(threads_per_content) {
  for (std::size_t content = 0; content < game.contents.size(); ++content) {
    for (std::size_t channel = 0; channel < channels_; ++channel) {
      const std::size_t index = threads_.size();
      threads_.push_back(std::make_unique<ContentThread>(
          game, faults, index, game::Place{content, index}, players, threads_));
    }
  }
}

game::Place Hetero::seat(Player& player, std::size_t) {
  const game::Place place{0, player.id % channels_};
  player.owner.store(place.thread, std::memory_order_relaxed);
  return place;
}

ContentThread* Hetero::route(const Player& player, wire::Stamps& stamps, RouteFigures& figures) {
  std::int64_t lock_wait_ns = 0;
  const auto place = players_.find(player.id, lock_wait_ns);
  if (!place) fatal("a message of a player who is not in the container");
  stamps.routed_ns = os::now_ns();
  figures.lookups.add();
  figures.lock_wait->record(lock_wait_ns);
  return threads_[place->thread].get();
}

}  // namespace oversoak::layout
