#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace oversoak::fleet {

// When a slow reader may receive again. It may make up for lateness (coarse timers, data that is
// not there yet), but only to a limit, or a pause would be followed by a burst. Needs no clock.
class ReadPace {
 public:
  static constexpr std::int64_t kMaxMadeUp_ns = 100'000'000;

  explicit ReadPace(std::uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  void start(std::int64_t now_ns) noexcept {
    next_ns_ = now_ns;
    wait_from(now_ns);
  }

  // A twentieth of a second's worth, so that a rate is smooth and no timer too short.
  std::size_t max_bytes() const noexcept { return share_of_second(20, 1); }

  // A receive buffer of the system that holds back what is not read, and does not hold back less
  // than the rate: small windows are opened in steps.
  int system_buffer_bytes() const noexcept {
    return static_cast<int>(std::min<std::size_t>(share_of_second(10, 4096), 65'536));
  }

  void received(std::size_t bytes, std::int64_t now_ns) noexcept {
    const auto takes_ns = static_cast<std::int64_t>(1e9 * static_cast<double>(bytes) /
                                                    static_cast<double>(bytes_per_second_));
    next_ns_ = std::max(next_ns_, now_ns - kMaxMadeUp_ns) + takes_ns;
    waiting_from_ns_ = std::min(std::max(now_ns, next_ns_), waiting_from_ns_ + 2 * takes_ns);
  }

  // Since then the reader was kept waiting, by a peer that sends less than half of the rate: each
  // byte makes up for the time in which two are read. While it gets that much: when it is ready.
  std::int64_t waiting_from_ns() const noexcept { return waiting_from_ns_; }
  // It does not count before this.
  void wait_from(std::int64_t now_ns) noexcept { waiting_from_ns_ = std::max(now_ns, next_ns_); }

  std::int64_t next_ns() const noexcept { return next_ns_; }

 private:
  std::size_t share_of_second(std::uint64_t part, std::size_t least) const noexcept {
    return std::max(static_cast<std::size_t>(bytes_per_second_ / part), least);
  }

  std::uint64_t bytes_per_second_;
  std::int64_t next_ns_ = 0;
  std::int64_t waiting_from_ns_ = 0;
};

}  // namespace oversoak::fleet
