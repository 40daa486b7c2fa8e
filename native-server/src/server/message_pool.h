#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "io/error.h"
#include "layout/message.h"

namespace oversoak::server {

struct Session;

// A message of a session with a copy of its bytes, because it outlives their place in the inbox.
struct PooledMessage : layout::Message {
  enum class Result : std::uint8_t {
    unanswered,   // the IO thread sends the echo
    answered,     // the content thread has sent it, or its session was closed
    overflowed,   // the echo found no room
    send_failed,  // with `error`
  };

  Session* session = nullptr;
  std::vector<std::byte> storage;
  Result result = Result::unanswered;
  io::Error error;  // of a send that failed
  // Set by the IO thread; cleared last, by the thread that sends the echo.
  std::atomic<bool> in_use{false};
};

// The reusable messages of one session. They return in the order of their turns, so the next one to
// be reused is the one that was handed out first.
// Thread: the session's IO thread.
class MessagePool {
 public:
  PooledMessage& take() {
    if (messages_.empty() || messages_[next_]->in_use.load(std::memory_order_acquire)) {
      const auto place = messages_.begin() + static_cast<std::ptrdiff_t>(next_);
      messages_.insert(place, std::make_unique<PooledMessage>());
    }
    PooledMessage& message = *messages_[next_];
    next_ = (next_ + 1) % messages_.size();
    message.in_use.store(true, std::memory_order_relaxed);
    return message;
  }

 private:
  std::vector<std::unique_ptr<PooledMessage>> messages_;
  std::size_t next_ = 0;
};

}  // namespace oversoak::server
