#pragma once

#include "layout/layout.h"

namespace oversoak::layout {

// A session stays on one thread, which does everything: a message passes neither the player
// container nor a queue.
class Homo final : public Layout {
 public:
  game::Place seat(Player& player, std::size_t here) override;
  ContentThread* route(const Player& player, wire::Stamps& stamps, RouteFigures& figures) override;
  const ContentThreads& content_threads() const noexcept override { return none_; }

 private:
  const ContentThreads none_;
};

}  // namespace oversoak::layout
