#pragma once

#include <memory>
#include <vector>

#include "game/game.h"
#include "layout/message.h"

namespace oversoak::layout {

// Messages from any thread to one content thread, linearizable and first in, first out: a push that
// ends before another begins comes out first, whichever threads push. Moves rely on that.
class ContentQueue {
 public:
  virtual ~ContentQueue() = default;

  // Any thread.
  virtual void push(Message& message) = 0;
  // The content thread: appends what is there to `into`, a bounded number at a time.
  virtual void take(std::vector<Message*>& into) = 0;
};

std::unique_ptr<ContentQueue> make_content_queue(game::QueueKind kind);

}  // namespace oversoak::layout
