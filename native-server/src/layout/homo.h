#pragma once

#include "layout/layout.h"

namespace oversoak::layout {

// A session stays on one thread, which does everything: no player container and no queue on a
// message's way.
class Homo final : public Layout {
 public:
  game::Place seat(Player& player, std::size_t here) override;
  ContentThread* route(const Player& player, wire::Stamps& stamps, RouteFigures& figures) override;
  const ContentThreads& content_threads() const noexcept override { return none_; }

 private:
  const ContentThreads none_;
};

}  // namespace oversoak::layout
