#pragma once

#include <algorithm>
#include <cstdint>

#include "fleet/load.h"

namespace oversoak::fleet {

// A message that a session has to send. Pure.
struct DueMessage {
  std::int64_t due_ns = 0;
  std::int64_t own_lag_ns = 0;  // how late the fleet itself was
  // How long the fleet had stood still in all before this message was due, or where it waits for
  // others of its session, before the first of them was.
  std::int64_t stood_before_ns = 0;

  bool is_late() const noexcept { return own_lag_ns > kLate_ns; }

  // After another of its session. `waits`: the window has no room for it. `stood_ns`: how long the
  // fleet has stood still until now, in all.
  DueMessage after(const DueMessage& before, bool waits, std::int64_t stood_ns) const noexcept {
    return {due_ns, own_lag_ns, waits ? before.stood_before_ns : stood_ns - own_lag_ns};
  }

  // When it stops waiting: with what the fleet itself delayed it by, at most. While the fleet
  // stands still, a server that answers one message after another gets none; that delays all that
  // wait, and those that come before none waits any more, by as much or less (Lindley's recursion).
  DueMessage waited_until(std::int64_t now_ns, std::int64_t stood_ns) const noexcept {
    const std::int64_t passed_on_ns = std::min(stood_ns - stood_before_ns, now_ns - due_ns);
    return {due_ns, std::max(own_lag_ns, passed_on_ns), stood_before_ns};
  }

  // Whether the fleet alone made it wait until now.
  bool is_late_alone(std::int64_t now_ns) const noexcept {
    return is_late() && now_ns - due_ns <= own_lag_ns;
  }
};

}  // namespace oversoak::fleet
