#pragma once

#include <unordered_map>

#include "io/readiness.h"
#include "io/windows/winsock.h"

namespace oversoak::io {

struct WakerPair {
  SOCKET here = INVALID_SOCKET;   // waited for, and read
  SOCKET there = INVALID_SOCKET;  // sent on
};

// select(): each call names the sockets to wait for and returns those that are ready. A socket is
// in the read set only while a receive is posted, and in the write set only while bytes of a send
// are left, so a socket that stays ready does not keep the thread awake.
//
// On Windows an fd_set is an array of handles, not a bit map, and FD_SET and FD_ISSET search it; it
// is filled and read directly here, so a wait costs one pass over the sessions, not one for each.
class Select final : public Readiness {
 public:
  Select();
  ~Select() override;

  // One place is the wake-up socket's.
  static constexpr std::size_t kSessionsPerThread = FD_SETSIZE - 1;

  std::size_t capacity() const noexcept override;

 private:
  Error watch(Channel& channel) override;
  void unwatch(Channel& channel) noexcept override;
  void poll(std::int64_t until_ns) override;
  void interrupt() noexcept override;

  // Fills both sets with what is posted.
  void fill_sets() noexcept;
  void take_interrupt();

  // A TCP connection over loopback: what another thread sends on the one end makes the other
  // readable here. (A datagram may be lost, and with it every later wake, for none is sent before
  // it came.)
  WakerPair waker_;
  std::unordered_map<SOCKET, std::size_t> slot_of_;
  fd_set readers_;
  fd_set writers_;
  // Whether a socket is in the write set alone, as after the end of the peer's side. Winsock
  // promises to report a reset in the read set only, and Wine 8 misses about one in 200 of them in
  // the write set of a wait that has begun (the next wait reports it), so such a wait is bounded.
  bool blind_ = false;
};

}  // namespace oversoak::io
