#pragma once

#include "os/clock.h"

namespace oversoak::probes {

// Time since it was made.
class Stopwatch {
 public:
  double us() const noexcept { return static_cast<double>(os::now_ns() - started_ns_) * 1e-3; }
  double ms() const noexcept { return us() * 1e-3; }

 private:
  std::int64_t started_ns_ = os::now_ns();
};

}  // namespace oversoak::probes
