#include "os/parker.h"

#include <windows.h>

#include "os/clock.h"

namespace oversoak::os {
namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;

}  // namespace

void Parker::sleep(std::int64_t until_ns) noexcept {
  static_assert(sizeof(state_) == sizeof(std::uint32_t));
  std::uint32_t sleeping = kSleeping;
  while (state_.load(std::memory_order_seq_cst) == kSleeping) {
    DWORD timeout_ms = INFINITE;
    if (until_ns != kForever) {
      const std::int64_t left_ns = until_ns - os::now_ns();
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

}  // namespace oversoak::os
