#pragma once

#include <cstdint>

namespace oversoak::fleet {

// Whether a thread stood still: its process was stopped, its machine slept, or other threads had
// the CPU. The thread reports how long it plans to wait, and the time whenever it runs. Needs no
// clock.
class StallWatch {
 public:
  // A thread that runs this much too late has disturbed the latencies that it measures.
  static constexpr std::int64_t kStall_ns = 5'000'000;
  // And this much: the load as well.
  static constexpr std::int64_t kLong_ns = 20'000'000;

  explicit StallWatch(std::int64_t now_ns) : expected_ns_(now_ns) {}

  // The latest time until which the thread plans to wait.
  void waits_until(std::int64_t until_ns) noexcept {
    if (until_ns > expected_ns_) expected_ns_ = until_ns;
  }

  // The thread runs. The time since when it stood still; 0: it did not.
  std::int64_t stood_still_since(std::int64_t now_ns) noexcept {
    const std::int64_t expected_ns = expected_ns_;
    expected_ns_ = now_ns;
    return now_ns - expected_ns >= kStall_ns ? expected_ns : 0;
  }

 private:
  std::int64_t expected_ns_;
};

}  // namespace oversoak::fleet
