#pragma once

#include "layout/layout.h"

namespace oversoak::layout {

// A session stays on one thread, which does everything: no player container and no queue on a
// message's way.
class Homo final : public Layout {
 public:
  Route route(wire::Stamps& stamps) override;
};

}  // namespace oversoak::layout
