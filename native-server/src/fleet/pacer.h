#pragma once

#include <cstdint>

#include "random.h"

namespace oversoak::fleet {

enum class Pacing : std::uint8_t { constant, poisson, closed };

// Open loop: when is message N of one session due, whatever the server does. Needs no clock.
class Pacer {
 public:
  // `mean_gap_ns`: between two messages of this session.
  Pacer(Pacing pacing, double mean_gap_ns) : pacing_(pacing), mean_gap_ns_(mean_gap_ns) {}

  // The first message falls at random within one gap, so that sessions are not synchronised.
  void start(std::int64_t now_ns, Random& random) noexcept {
    origin_ns_ = now_ns;
    offset_ns_ = pacing_ == Pacing::poisson ? mean_gap_ns_ * random.exponential()
                                            : mean_gap_ns_ * random.fraction();
  }

  std::int64_t due_ns() const noexcept {
    return origin_ns_ + static_cast<std::int64_t>(offset_ns_);
  }

  // To the next message. Times add up from the origin, so nothing drifts with late calls.
  void advance(Random& random) noexcept {
    offset_ns_ += pacing_ == Pacing::poisson ? mean_gap_ns_ * random.exponential() : mean_gap_ns_;
  }

 private:
  Pacing pacing_;
  double mean_gap_ns_;
  std::int64_t origin_ns_ = 0;
  double offset_ns_ = 0;
};

}  // namespace oversoak::fleet
