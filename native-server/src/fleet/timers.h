#pragma once

#include <cstdint>
#include <queue>
#include <vector>

namespace oversoak::fleet {

struct Client;

enum class TimerKind : std::uint8_t { connect, script, message, receive };

// Something that a client does at a time of its own. A timer of an earlier connection is stale.
struct Timer {
  std::int64_t due_ns = 0;
  Client* client = nullptr;
  std::uint32_t connection = 0;
  TimerKind kind = TimerKind::connect;
};

struct DueLater {
  bool operator()(const Timer& a, const Timer& b) const noexcept { return a.due_ns > b.due_ns; }
};

// Soonest first. Few per client: its next message (closed loop: as many as may be in flight), a
// slow reader's next receive, the end of a script's pause, and stale ones.
using Timers = std::priority_queue<Timer, std::vector<Timer>, DueLater>;

}  // namespace oversoak::fleet
