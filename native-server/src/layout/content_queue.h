#pragma once

#include <memory>
#include <vector>

#include "game/game.h"
#include "layout/message.h"

namespace oversoak::layout {

// Messages from any thread to one content thread, in the order in which they were pushed: a push
// that ends before another begins comes out before it, whoever pushes. Moves rely on that.
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
