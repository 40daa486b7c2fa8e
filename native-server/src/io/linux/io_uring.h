#pragma once

#include <liburing.h>

#include <atomic>
#include <vector>

#include "io/notifier.h"

namespace oversoak::io {

// io_uring: operations are written into a ring in memory and handed to the kernel together, with
// the wait for completions, in one call. The kernel does the work of a completion only within that
// call and on this thread (single issuer, deferred task run; Linux 6.1 and newer), so nothing is
// interrupted meanwhile, and only this thread may issue.
class IoUring final : public Notifier {
 public:
  // Throws std::runtime_error where the kernel has no such ring or forbids it.
  IoUring();
  ~IoUring() override;

  std::size_t capacity() const noexcept override;
  Error open(Channel& channel) override;
  void close(Channel& channel) noexcept override;
  Error receive(Channel& channel, std::span<std::byte> into) override;
  Error send(Channel& channel, std::span<const std::byte> bytes) override;
  void cancel(Channel& channel) noexcept override;
  std::span<const Completion> wait(std::int64_t until_ns) override;
  void wake() noexcept override;

 private:
  io_uring_sqe& next_entry() noexcept;
  void issue_send(Operation& operation) noexcept;
  void watch_waker() noexcept;
  void submit_and_wait(std::int64_t until_ns) noexcept;
  void take(const io_uring_cqe& entry);
  void take_wake(const io_uring_cqe& entry) noexcept;
  bool goes_on(Operation& operation, int result) noexcept;

  io_uring ring_;
  int waker_;  // an eventfd: what another thread writes makes it readable here
  std::atomic<bool> waking_{false};
  std::vector<Completion> batch_;
};

}  // namespace oversoak::io
