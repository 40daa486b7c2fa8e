#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "io/windows/winsock.h"

namespace oversoak::io {

// A high-resolution timer whose end comes to a completion port as a packet: the wait at the port,
// which counts in milliseconds, then ends on time without a thread beside it. Windows 10, version
// 1803, and newer. Thread: the one that waits at the port.
class PortTimer {
 public:
  // Null where the system has no such timers.
  static std::unique_ptr<PortTimer> make(HANDLE port);
  ~PortTimer();
  PortTimer(const PortTimer&) = delete;
  PortTimer& operator=(const PortTimer&) = delete;

  // At this time (os::now_ns) the port gets a packet without an OVERLAPPED, in place of the time
  // before. A packet that is already queued cannot be cancelled; then none follows, so the wait has
  // to have an end of its own.
  void set(std::int64_t at_ns) noexcept;

 private:
  PortTimer(HANDLE port, HANDLE timer, HANDLE packet)
      : port_(port), timer_(timer), packet_(packet) {}

  const HANDLE port_;
  const HANDLE timer_;
  const HANDLE packet_;  // ties the timer to the port, once for each time
  std::int64_t at_ns_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace oversoak::io
