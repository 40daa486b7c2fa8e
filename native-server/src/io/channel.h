#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "io/error.h"
#include "metrics/counter.h"
#include "system_io.h"

namespace oversoak::io {

struct Channel;

enum class OperationKind : std::uint8_t { receive, send, connect };

// One operation, which is issued repeatedly. It and the bytes it covers live and stay where
// they are while it is outstanding, also after a cancel.
struct Operation {
  SystemOperation system;  // first: the system's pointer to it is the pointer to this
  Channel* channel;
  OperationKind kind;
  // Atomic for the send, which another thread may issue (see send_from_any_thread).
  std::atomic<bool> outstanding;
};

// The notifier's view of one connection; the session or client that has it as base owns the memory.
struct Channel {
  Channel()
      : receive{{}, this, OperationKind::receive, false},
        send{{}, this, OperationKind::send, false},
        connect{{}, this, OperationKind::connect, false} {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Nothing may be freed and no socket closed before this is false.
  bool has_pending() const noexcept {
    return receive.outstanding || send.outstanding || connect.outstanding;
  }

  Socket socket = kNoSocket;
  Operation receive;
  Operation send;
  Operation connect;
  std::size_t slot = 0;  // the notifier's own
};

struct Completion {
  Channel* channel = nullptr;
  OperationKind kind = OperationKind::receive;
  std::size_t bytes = 0;
  Error error;
};

struct OperationFigures {
  metrics::Counter at_once;
  metrics::Counter pending;
  metrics::Counter failed;
};

struct NotifierFigures {
  OperationFigures receives;
  OperationFigures sends;
  metrics::Counter completions;
  metrics::Counter batches;
  metrics::Counter largest_batch;
};

// The result of issuing a send.
struct Sent {
  Error error;            // then no completion comes
  bool complete = false;  // it was taken whole at once, and no completion comes
};

}  // namespace oversoak::io
