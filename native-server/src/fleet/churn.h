#pragma once

#include <cstdint>

#include "random.h"

namespace oversoak::fleet {

// When a session disconnects and reconnects, and how it disconnects. Needs no clock.
class Churn {
 public:
  // `per_second`: of the caller's sessions; 0: never.
  Churn(double per_second, double abortive_share, std::int64_t start_ns)
      : gap_ns_(per_second > 0 ? 1e9 / per_second : 0),
        abortive_share_(abortive_share),
        next_ns_(start_ns) {}

  // True once for each disconnect whose time has come.
  bool due(std::int64_t now_ns) noexcept {
    if (gap_ns_ == 0 || now_ns < next_ns_) return false;
    next_ns_ += static_cast<std::int64_t>(gap_ns_);
    return true;
  }

  // Whether a disconnect resets the connection.
  bool abortive(Random& random) const noexcept { return random.fraction() < abortive_share_; }

 private:
  double gap_ns_;
  double abortive_share_;
  std::int64_t next_ns_;
};

}  // namespace oversoak::fleet
