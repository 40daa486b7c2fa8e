#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fleet/stages.h"
#include "metrics/counter.h"

namespace oversoak::fleet {

// One echo with every field; contracts/src/figures/stages.ts says what each is.
struct SlowEcho {
  std::uint64_t session = 0;
  std::uint64_t message = 0;
  std::int64_t intended_ns = 0;  // os::now_ns
  StageTimes times{};
};

// The slowest echoes of one fleet thread since the last take. One thread writes; any thread may
// take. The writer never waits: an echo that arrives during a take is skipped and counted.
class SlowEchoes {
 public:
  static constexpr std::size_t kMax = 16;

  // The writer, for every echo: most cost one compare.
  bool wants(const StageTimes& times) const noexcept {
    return times.total_ns() > slower_than_ns_.load(std::memory_order_relaxed);
  }
  void note(const SlowEcho& echo) noexcept {
    if (wants(echo.times)) keep(echo);
  }

  // Appends them, in no order; from now on only later ones count.
  void take(std::vector<SlowEcho>& echoes);

  // Echoes that were slow enough, but came while the others were being taken.
  std::uint64_t let_go() const noexcept { return let_go_.load(); }

 private:
  static constexpr std::int64_t kAny_ns = -1;  // no latency is below 0

  void keep(const SlowEcho& echo) noexcept;
  bool try_lock() noexcept { return !locked_.test_and_set(std::memory_order_acquire); }
  void unlock() noexcept { locked_.clear(std::memory_order_release); }

  // Latency of the fastest that is kept once there are kMax. Changed under the lock.
  std::atomic<std::int64_t> slower_than_ns_{kAny_ns};
  std::atomic_flag locked_ = ATOMIC_FLAG_INIT;
  metrics::Counter let_go_;
  // Under the lock.
  std::array<SlowEcho, kMax> kept_{};
  std::size_t count_ = 0;
};

// The slowest of all that are given, at most kMax, slowest first.
std::vector<SlowEcho> slowest_of(std::vector<SlowEcho> echoes);

}  // namespace oversoak::fleet
