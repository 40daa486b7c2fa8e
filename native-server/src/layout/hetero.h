#pragma once

#include "layout/layout.h"

namespace oversoak::layout {

// A thread for each content, or several, its channels, over which the content's players are spread.
// For every message the player is looked up in the player container, which every thread uses.
class Hetero final : public Layout {
 public:
  Hetero(const game::Game& game, const ContentFaultSettings& faults, game::PlayerContainer& players,
         std::size_t threads_per_content);

  game::Place seat(Player& player, std::size_t here) override;
  ContentThread* route(const Player& player, wire::Stamps& stamps, RouteFigures& figures) override;
  const ContentThreads& content_threads() const noexcept override { return threads_; }

 private:
  game::PlayerContainer& players_;
  const std::size_t channels_;
  ContentThreads threads_;  // by content, then by channel
};

}  // namespace oversoak::layout
