#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace oversoak::concurrency {

// Messages from any thread to the owner of the mailbox. The lock is held only for a push or a swap.
template <typename Message>
class Mailbox {
 public:
  // Any thread. True when the mailbox was empty, and so the owner must be woken.
  bool push(Message message) {
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
    return messages_.size() == 1;
  }

  // Owner. Swaps what has come into `into`, whose old contents are dropped.
  void take(std::vector<Message>& into) {
    into.clear();
    const std::lock_guard lock(mutex_);
    std::swap(messages_, into);
  }

 private:
  std::mutex mutex_;
  std::vector<Message> messages_;
};

}  // namespace oversoak::concurrency
