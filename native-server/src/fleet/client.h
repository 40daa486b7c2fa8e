#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "fleet/options.h"
#include "fleet/pacer.h"
#include "fleet/random.h"
#include "fleet/window.h"
#include "notify/notifier.h"
#include "wire/inbox.h"
#include "wire/outbox.h"

namespace oversoak::fleet {

// One client of the fleet; it connects again and again, each time as a new connection. Owned by its
// fleet thread, which alone touches it, and lives as long as that; its socket is closed only when
// nothing of the connection is outstanding.
struct Client : notify::Channel {
  enum class State {
    idle,        // no socket; waits for its next connect
    connecting,  // the connect is outstanding
    live,
    ending,   // has sent its last byte and ended its side; takes echoes until the server ends its
              // own
    closing,  // given up; waits for the completions of what was cancelled
  };

  // Intended times that may wait for the window; more are counted as offered and never sent.
  static constexpr std::size_t kLongestBacklog = 4096;

  Client(const FleetOptions& options, std::uint64_t seed)
      : random(seed),
        pacer(options.pacing,
              1e9 * static_cast<double>(options.sessions) / options.rate_per_second),
        window(options.over_send),
        inbox(options.max_frame_bytes),
        // As many messages as the window can follow, so it never overflows first.
        outbox(std::size_t{2} * (options.over_send + 32) * options.max_frame_bytes) {}

  State state = State::idle;
  Random random;
  Pacer pacer;
  Window window;
  wire::Inbox inbox;
  wire::Outbox outbox;
  std::deque<std::int64_t> backlog;  // intended times, ns: due, but the window is full
  std::uint32_t connection = 0;      // counts up with each, so that stale timers are known
  std::int64_t reconnect_delay_ns = 0;
  bool was_live = false;  // counted as live
  bool dirty = false;     // in the thread's list of clients to settle
};

}  // namespace oversoak::fleet
