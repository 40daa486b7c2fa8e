#pragma once

#include <liburing.h>

#include "io/acceptor.h"

namespace oversoak::io {

// Accepts by a ring of its own: one request (IORING_OP_ACCEPT, multishot) stays active, and the
// kernel posts a completion for each connection. Connections that came together cost one call for
// all of them; the blocking accept needs one each.
//
// An error ends the request; the next accept() issues another. Listener::close() ends it, too: the
// kernel completes it with the error that a blocking accept would get.
class AcceptRing final : public Acceptor {
 public:
  // The listener owns the socket and outlives the ring. Throws std::runtime_error where the kernel
  // has no such ring or forbids it. A kernel that has it (Linux 6.1) has multishot accept (5.19).
  explicit AcceptRing(Socket listening);
  // Only when no accept is under way. Closes what was accepted and not taken.
  ~AcceptRing() override;
  AcceptRing(const AcceptRing&) = delete;
  AcceptRing& operator=(const AcceptRing&) = delete;

  // The peer is unknown (Address()) where the connection was reset before it was taken.
  Accepted accept() noexcept override;

 private:
  struct Result {
    int value;  // a socket, or an error below 0
    bool last;  // of the request
  };

  void enable() noexcept;
  void issue() noexcept;
  Result next() noexcept;

  Socket listening_;
  io_uring ring_;
  // Of the thread that accepts.
  bool enabled_ = false;
  bool active_ = false;  // the kernel has the request
};

}  // namespace oversoak::io
