#pragma once

#include <cstddef>

#include "notify/notifier.h"
#include "wire/inbox.h"
#include "wire/outbox.h"

namespace oversoak::server {

// A connection on the server. Owned by its IO thread, which alone touches it and which frees it
// when nothing of it is outstanding any more, and nowhere else.
struct Session : notify::Channel {
  enum class State {
    open,       // a receive is always outstanding
    finishing,  // the peer has ended its side; what is queued is still sent
    closing,    // given up; waits for the completions of what was cancelled
  };

  Session(SOCKET accepted, std::size_t max_frame_bytes, std::size_t send_queue_bytes)
      : inbox(max_frame_bytes), outbox(send_queue_bytes) {
    socket = accepted;
  }

  State state = State::open;
  wire::Inbox inbox;
  wire::Outbox outbox;
  bool dirty = false;     // in the IO thread's list of sessions to settle
  std::size_t index = 0;  // in the IO thread's list of sessions
};

}  // namespace oversoak::server
