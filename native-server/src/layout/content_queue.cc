#include "layout/content_queue.h"

#include <boost/lockfree/queue.hpp>

#include "concurrency/mailbox.h"
#include "fatal.h"

namespace oversoak::layout {
namespace {

// A mutex around a vector; the content thread swaps the vector out.
class LockedQueue final : public ContentQueue {
 public:
  void push(Message& message) override { messages_.push(&message); }

  void take(std::vector<Message*>& into) override {
    messages_.take(taken_);
    into.insert(into.end(), taken_.begin(), taken_.end());
  }

 private:
  concurrency::Mailbox<Message*> messages_;
  std::vector<Message*> taken_;
};

// Michael and Scott's queue as Boost has it: linearizable, so first in, first out over all
// producers. (Queues that keep a part for each producer, such as moodycamel's, do not promise
// that.) Its nodes are kept and used again.
class LockFreeQueue final : public ContentQueue {
 public:
  void push(Message& message) override {
    if (!messages_.push(&message)) fatal("no memory for a queue's node");
  }

  void take(std::vector<Message*>& into) override {
    Message* message = nullptr;
    for (int taken = 0; taken < kTakenAtATime && messages_.pop(message); ++taken) {
      into.push_back(message);
    }
  }

 private:
  static constexpr int kTakenAtATime = 256;
  static constexpr std::size_t kFirstNodes = 1024;

  boost::lockfree::queue<Message*> messages_{kFirstNodes};
};

}  // namespace

std::unique_ptr<ContentQueue> make_content_queue(game::QueueKind kind) {
  switch (kind) {
    case game::QueueKind::locked:
      return std::make_unique<LockedQueue>();
    case game::QueueKind::lock_free:
      return std::make_unique<LockFreeQueue>();
  }
  fatal("a content queue without a maker");
}

}  // namespace oversoak::layout
