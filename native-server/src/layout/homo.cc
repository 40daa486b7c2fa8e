#include "layout/homo.h"

namespace oversoak::layout {

game::Place Homo::seat(Player& player, std::size_t here) {
  player.owner.store(here, std::memory_order_relaxed);
  return {0, here};
}

ContentThread* Homo::route(const Player&, wire::Stamps& stamps, RouteFigures&) {
  // Nothing is looked up and nothing waited for.
  stamps.routed_ns = stamps.received_ns;
  return nullptr;
}

}  // namespace oversoak::layout
