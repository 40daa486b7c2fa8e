#include "concurrency/parker.h"

#ifdef _WIN32
#include "winsock/winsock.h"  // the one place for the order of Windows' headers
#else
#include <chrono>
#endif

#include "metrics/clock.h"

namespace oversoak::concurrency {
namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;

}  // namespace

#ifdef _WIN32

void Parker::sleep(std::int64_t until_ns) noexcept {
  static_assert(sizeof(state_) == sizeof(std::uint32_t));
  std::uint32_t sleeping = kSleeping;
  while (state_.load(std::memory_order_seq_cst) == kSleeping) {
    DWORD timeout_ms = INFINITE;
    if (until_ns != kForever) {
      const std::int64_t left_ns = until_ns - metrics::now_ns();
      if (left_ns <= 0) break;
      timeout_ms = static_cast<DWORD>((left_ns + kMillisecond_ns - 1) / kMillisecond_ns);
    }
    WaitOnAddress(&state_, &sleeping, sizeof(sleeping), timeout_ms);
  }
  retract();
}

void Parker::wake() noexcept {
  if (state_.load(std::memory_order_seq_cst) == kAwake) return;
  if (state_.exchange(kAwake, std::memory_order_seq_cst) == kSleeping) {
    WakeByAddressSingle(&state_);
  }
}

#else

// The unit tests on Linux.
void Parker::sleep(std::int64_t until_ns) noexcept {
  std::unique_lock lock(mutex_);
  while (state_.load(std::memory_order_seq_cst) == kSleeping) {
    if (until_ns == kForever) {
      changed_.wait(lock);
      continue;
    }
    const std::int64_t left_ns = until_ns - metrics::now_ns();
    if (left_ns <= 0) break;
    changed_.wait_for(lock,
                      std::chrono::milliseconds((left_ns + kMillisecond_ns - 1) / kMillisecond_ns));
  }
  retract();
}

void Parker::wake() noexcept {
  if (state_.load(std::memory_order_seq_cst) == kAwake) return;
  const std::lock_guard lock(mutex_);
  if (state_.exchange(kAwake, std::memory_order_seq_cst) == kSleeping) changed_.notify_one();
}

#endif

}  // namespace oversoak::concurrency
