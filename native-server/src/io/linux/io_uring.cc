#include "io/linux/io_uring.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <stdexcept>

#include "fatal.h"
#include "io/linux/ring_setup.h"
#include "io/linux/timeout.h"

namespace oversoak::io {
namespace {

// Entries of the submission queue: operations submitted in one call.
constexpr unsigned kEntries = 1024;
// Entries of the completion queue; the kernel keeps completions beyond it until there is room.
constexpr unsigned kCompletions = 16'384;

Error error_of(int result) noexcept { return Error(static_cast<std::uint32_t>(-result)); }

[[noreturn]] void failed(const char* what, int result) {
  fatal(what, static_cast<unsigned long>(-result));
}

}  // namespace

IoUring::IoUring() : waker_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (waker_ < 0) throw std::runtime_error("eventfd failed: " + Error::last().describe());
  try {
    ring_ = make_ring(kEntries, kCompletions);
  } catch (...) {
    ::close(waker_);
    throw;
  }
  // Spares each call the look-up of the ring; older kernels cannot.
  io_uring_register_ring_fd(&ring_);
  try {
    buffers_ = std::make_unique<ReceiveBuffers>(ring_);
  } catch (...) {
    io_uring_queue_exit(&ring_);
    ::close(waker_);
    throw;
  }
  watch_waker();
}

// Nothing of a channel is outstanding any more; what is left in the kernel has no memory of ours
// once the buffers are taken back.
IoUring::~IoUring() {
  buffers_.reset();
  io_uring_queue_exit(&ring_);
  ::close(waker_);
}

std::size_t IoUring::capacity() const noexcept { return std::numeric_limits<std::size_t>::max(); }

// A place in the ring; when it is full, what is there is handed over first.
io_uring_sqe& IoUring::next_entry() noexcept {
  io_uring_sqe* entry = io_uring_get_sqe(&ring_);
  while (entry == nullptr) {
    const int result = io_uring_submit(&ring_);
    // Busy: the kernel keeps completions that found no room, and takes more after the next wait.
    if (result < 0 && result != -EINTR) failed("io_uring_submit failed", result);
    entry = io_uring_get_sqe(&ring_);
  }
  return *entry;
}

Sent IoUring::send(Channel& channel, std::span<const std::byte> bytes) {
  channel.send.system = {bytes};
  issue_send(channel.send);
  issued(channel.send, false);
  return {};
}

// All of it, and a peer that is gone is an error, not a signal.
void IoUring::issue_send(Operation& operation) noexcept {
  const auto left = operation.system.left;
  io_uring_sqe& entry = next_entry();
  io_uring_prep_send(&entry, operation.channel->socket, left.data(), left.size(),
                     MSG_NOSIGNAL | MSG_WAITALL);
  io_uring_sqe_set_data(&entry, &operation);
}

// The kernel looks the socket up when this is handed over, which the next wait does before it
// returns a completion; so the socket is still the channel's.
void IoUring::cancel(Channel& channel) noexcept {
  channel.send.system.cancelled = true;
  ReceiveStream& stream = streams_[channel.slot];
  stream.cancelled = true;
  if (stream.posted() && stream.request == ReceiveStream::Request::none && !stream.ended) {
    // The kernel has nothing to cancel: it waits for a buffer.
    stream.ended = true;
    stream.last = Error::cancelled();
    ready_.push_back(channel.slot);
  }
  io_uring_sqe& entry = next_entry();
  io_uring_prep_cancel_fd(&entry, channel.socket, IORING_ASYNC_CANCEL_ALL);
  io_uring_sqe_set_data(&entry, nullptr);
}

std::span<const Completion> IoUring::wait(std::int64_t until_ns) {
  batch_.clear();
  finish_ready();
  submit_and_wait(batch_.empty() ? until_ns : kNow);
  unsigned head;
  unsigned count = 0;
  io_uring_cqe* entry;
  io_uring_for_each_cqe(&ring_, head, entry) {
    take(*entry);
    ++count;
  }
  io_uring_cq_advance(&ring_, count);
  request_again();
  count_batch(batch_);
  return batch_;
}

void IoUring::submit_and_wait(std::int64_t until_ns) noexcept {
  int result;
  if (const auto left = time_left_until(until_ns)) {
    __kernel_timespec timeout{left->tv_sec, left->tv_nsec};
    io_uring_cqe* first = nullptr;
    result = io_uring_submit_and_wait_timeout(&ring_, &first, 1, &timeout, nullptr);
  } else {
    result = io_uring_submit_and_wait(&ring_, 1);
  }
  const bool expected =
      result >= 0 || result == -ETIME || result == -EINTR || result == -EBUSY || result == -EAGAIN;
  if (!expected) failed("a wait of io_uring failed", result);
}

void IoUring::take(const io_uring_cqe& entry) {
  if (entry.user_data == reinterpret_cast<std::uintptr_t>(this)) return take_wake(entry);
  if (entry.user_data == 0) return;  // a cancel: what it found says so itself
  if ((entry.user_data & kStream) != 0) {
    return take_receive(*reinterpret_cast<ReceiveStream*>(entry.user_data & ~kStream), entry);
  }
  take_send(*reinterpret_cast<Operation*>(entry.user_data), entry.res);
}

void IoUring::take_send(Operation& operation, int result) {
  if (goes_on(operation, result)) return;
  operation.outstanding = false;
  Completion completion{operation.channel, OperationKind::send, operation.system.taken, {}};
  if (result < 0) {
    completion.error = error_of(result);
  } else if (!operation.system.left.empty()) {
    completion.error = Error::cancelled();
  }
  batch_.push_back(completion);
}

// Counts the sent bytes; true after a partial send, whose rest is then issued.
bool IoUring::goes_on(Operation& operation, int result) noexcept {
  if (result < 0) return false;
  SystemOperation& own = operation.system;
  own.left = own.left.subspan(static_cast<std::size_t>(result));
  own.taken += static_cast<std::size_t>(result);
  if (own.left.empty() || own.cancelled) return false;
  issue_send(operation);
  return true;
}

void IoUring::watch_waker() noexcept {
  io_uring_sqe& entry = next_entry();
  io_uring_prep_poll_multishot(&entry, waker_, POLLIN);
  io_uring_sqe_set_data(&entry, this);
}

void IoUring::take_wake(const io_uring_cqe& entry) noexcept {
  std::uint64_t count = 0;
  if (::read(waker_, &count, sizeof(count)) == sizeof(count)) {
    // An exchange (not a store): this thread then sees what was written before a redundant wake().
    waking_.exchange(false);
  }
  if ((entry.flags & IORING_CQE_F_MORE) == 0) watch_waker();
}

void IoUring::wake() noexcept {
  if (waking_.exchange(true)) return;
  const std::uint64_t one = 1;
  // Cannot be full: one at most is there.
  if (::write(waker_, &one, sizeof(one)) != sizeof(one))
    failed("write to an eventfd failed", -errno);
}

}  // namespace oversoak::io
