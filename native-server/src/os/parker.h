#pragma once

#include <atomic>
#include <cstdint>

namespace oversoak::os {

// Puts one thread to sleep until it has work. The thread announces that it will sleep, checks for
// work once more, and then sleeps; a waker first publishes the work and then wakes. All of it is
// sequentially consistent (seq_cst), so no wake is lost.
//
// WaitOnAddress on Windows, a futex on Linux: waking a thread that does not sleep costs one load.
class Parker {
 public:
  // Owner: from here on a wake ends the next sleep().
  void announce() noexcept { state_.store(kSleeping, std::memory_order_seq_cst); }
  // Owner: something was there after all.
  void retract() noexcept { state_.store(kAwake, std::memory_order_seq_cst); }
  // Owner, after announce(): returns after a wake, or at `until_ns` (os::now_ns).
  void sleep(std::int64_t until_ns) noexcept;

  // Any thread.
  void wake() noexcept;

  static constexpr std::int64_t kForever = INT64_MAX;

 private:
  static constexpr std::uint32_t kAwake = 0;
  static constexpr std::uint32_t kSleeping = 1;

  std::atomic<std::uint32_t> state_{kAwake};
};

}  // namespace oversoak::os
