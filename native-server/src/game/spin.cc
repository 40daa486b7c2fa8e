#include "game/spin.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>

#include "os/clock.h"

namespace oversoak::game {
namespace {

constexpr std::uint64_t kTrialTurns = 100'000;
constexpr int kTrials = 15;

// Each turn needs the result of the one before (Knuth's MMIX generator), so none can be left out
// or done beside another.
std::uint64_t turn(std::uint64_t turns, std::uint64_t seed) noexcept {
  std::uint64_t value = seed;
  for (; turns > 0; --turns) value = value * 6364136223846793005U + 1442695040888963407U;
  return value;
}

void spin(std::uint64_t turns) noexcept {
  static std::atomic<std::uint64_t> seed{1};  // read and written: the loop has a use
  const std::uint64_t value = turn(turns, seed.load(std::memory_order_relaxed));
  if (value == 0) seed.store(1, std::memory_order_relaxed);
}

}  // namespace

double measure_turns_per_us() noexcept {
  // The shortest trial is the one that nothing interrupted.
  std::int64_t shortest_ns = std::numeric_limits<std::int64_t>::max();
  for (int trial = 0; trial < kTrials; ++trial) {
    const std::int64_t before_ns = os::now_ns();
    spin(kTrialTurns);
    shortest_ns = std::min(shortest_ns, os::now_ns() - before_ns);
  }
  return 1000.0 * static_cast<double>(kTrialTurns) /
         static_cast<double>(std::max<std::int64_t>(shortest_ns, 1));
}

namespace {

// Of this process; 0: not calibrated.
std::atomic<double> calibrated{0};

}  // namespace

void burn_us(double work_us) noexcept {
  if (work_us <= 0) return;
  spin(static_cast<std::uint64_t>(work_us * calibrated.load(std::memory_order_relaxed)));
}

void calibrate_spin(double turns_per_us) noexcept { calibrated.store(turns_per_us); }

}  // namespace oversoak::game
