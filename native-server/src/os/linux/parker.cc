#include "os/parker.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "fatal.h"
#include "os/clock.h"

namespace oversoak::os {
namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;

// Until it is woken, `at` has another value, or it is `until`, which is of CLOCK_MONOTONIC.
void wait_on(const std::atomic<std::uint32_t>& at, std::uint32_t value, const timespec* until) {
  const long result = syscall(SYS_futex, &at, FUTEX_WAIT_BITSET_PRIVATE, value, until, nullptr,
                              FUTEX_BITSET_MATCH_ANY);
  if (result == 0 || errno == EAGAIN || errno == ETIMEDOUT || errno == EINTR) return;
  fatal("a futex cannot be waited on", static_cast<unsigned long>(errno));
}

}  // namespace

void Parker::sleep(std::int64_t until_ns) noexcept {
  static_assert(sizeof(state_) == sizeof(std::uint32_t));
  const timespec until{until_ns / kSecond_ns, until_ns % kSecond_ns};
  while (state_.load(std::memory_order_seq_cst) == kSleeping) {
    if (until_ns != kForever && until_ns <= now_ns()) break;
    wait_on(state_, kSleeping, until_ns == kForever ? nullptr : &until);
  }
  retract();
}

void Parker::wake() noexcept {
  if (state_.load(std::memory_order_seq_cst) == kAwake) return;
  if (state_.exchange(kAwake, std::memory_order_seq_cst) != kSleeping) return;
  syscall(SYS_futex, &state_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace oversoak::os
