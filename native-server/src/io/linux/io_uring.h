#pragma once

#include <liburing.h>

#include <atomic>
#include <deque>
#include <memory>
#include <vector>

#include "io/linux/receive_buffers.h"
#include "io/linux/receive_stream.h"
#include "io/notifier.h"

namespace oversoak::io {

// io_uring: operations are written to the submission queue, and one call submits all of them and
// waits for completions. The kernel runs completion work only within that call and on this thread
// (IORING_SETUP_SINGLE_ISSUER and DEFER_TASKRUN; Linux 6.1 and newer), so only this thread may
// issue operations, and it is not interrupted between calls.
//
// A receive is submitted once per channel and stays active (multishot). It fills provided buffers
// that all channels of the ring share; the bytes are copied from there into the posted receive.
class IoUring final : public Notifier {
 public:
  // Throws std::runtime_error where the kernel has no such ring or forbids it.
  IoUring();
  ~IoUring() override;

  std::size_t capacity() const noexcept override;
  Error open(Channel& channel) override;
  void close(Channel& channel) noexcept override;
  Error receive(Channel& channel, std::span<std::byte> into) override;
  Sent send(Channel& channel, std::span<const std::byte> bytes) override;
  void cancel(Channel& channel) noexcept override;
  std::span<const Completion> wait(std::int64_t until_ns) override;
  void wake() noexcept override;

 private:
  io_uring_sqe& next_entry() noexcept;
  void submit_and_wait(std::int64_t until_ns) noexcept;
  void take(const io_uring_cqe& entry);

  // Operations and streams are aligned, so the lowest bit of user_data can mark a stream.
  static constexpr std::uintptr_t kStream = 1;
  static std::uintptr_t word_of(const ReceiveStream& stream) noexcept {
    return reinterpret_cast<std::uintptr_t>(&stream) | kStream;
  }

  // Receives (io_uring_receive.cc).
  void request(ReceiveStream& stream) noexcept;
  void stop(ReceiveStream& stream) noexcept;
  void take_receive(ReceiveStream& stream, const io_uring_cqe& entry);
  void note_receive(ReceiveStream& stream, const io_uring_cqe& entry);
  void go_on(ReceiveStream& stream);
  void finish_ready();
  void request_again();
  void free_stream(ReceiveStream& stream);

  void issue_send(Operation& operation) noexcept;
  void take_send(Operation& operation, int result);
  bool goes_on(Operation& operation, int result) noexcept;

  void watch_waker() noexcept;
  void take_wake(const io_uring_cqe& entry) noexcept;

  io_uring ring_;
  std::unique_ptr<ReceiveBuffers> buffers_;
  int waker_;  // an eventfd: a write of another thread makes it readable here
  std::atomic<bool> waking_{false};
  std::deque<ReceiveStream> streams_;  // by the channel's slot; the kernel names them by address
  std::vector<std::size_t> free_;      // slots
  std::vector<std::size_t> ready_;     // slots whose posted receive has its result
  std::vector<std::size_t> again_;     // slots whose receive found no buffer
  std::vector<Completion> batch_;
};

}  // namespace oversoak::io
