#pragma once

#include <windows.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <thread>

namespace oversoak::os {

// Wakes a thread at a time that the wait of a completion port, which counts in milliseconds, cannot
// meet. A thread of its own sleeps until then: on Windows on a high-resolution waitable timer
// (since 10, version 1803; half a millisecond or better), under Wine on an address, which ends in
// the host's futex with microseconds.
class Metronome {
 public:
  // `wake` is called on the metronome's thread, at the time or a little after.
  explicit Metronome(std::function<void()> wake);
  // No call of `wake` comes afterwards.
  ~Metronome();
  Metronome(const Metronome&) = delete;
  Metronome& operator=(const Metronome&) = delete;

  // The thread that is to be woken: once, at this time (os::now_ns), in place of the time
  // before.
  void wake_at(std::int64_t at_ns) noexcept;

 private:
  static constexpr std::int64_t kNever_ns = std::numeric_limits<std::int64_t>::max();

  void run() noexcept;
  void sleep(std::uint32_t changes, std::int64_t until_ns) noexcept;
  void change() noexcept;

  const std::function<void()> wake_;
  std::atomic<std::int64_t> at_ns_{kNever_ns};
  // Counted up when the thread has to look again sooner than it means to.
  std::atomic<std::uint32_t> changes_{0};
  std::atomic<bool> stopping_{false};
  HANDLE timer_ = nullptr;  // null: sleeps on the address of changes_
  HANDLE changed_ = nullptr;
  std::thread thread_;
};

}  // namespace oversoak::os
