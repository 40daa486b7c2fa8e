#include "io/linux/io_uring.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <stdexcept>

#include "fatal.h"
#include "io/linux/timeout.h"

namespace oversoak::io {
namespace {

// Operations that are handed over at once; more take another call.
constexpr unsigned kEntries = 1024;
// Completions that the ring holds; the kernel keeps what is beyond that until there is room.
constexpr unsigned kCompletions = 16'384;

Error error_of(int result) noexcept { return Error(static_cast<std::uint32_t>(-result)); }

[[noreturn]] void failed(const char* what, int result) {
  fatal(what, static_cast<unsigned long>(-result));
}

}  // namespace

IoUring::IoUring() : waker_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (waker_ < 0) throw std::runtime_error("eventfd failed: " + Error::last().describe());
  io_uring_params settings{};
  settings.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;
  settings.cq_entries = kCompletions;
  const int result = io_uring_queue_init_params(kEntries, &ring_, &settings);
  if (result < 0) {
    ::close(waker_);
    throw std::runtime_error("io_uring_setup failed: " + error_of(result).describe() +
                             " (needs Linux 6.1, and a system that allows io_uring)");
  }
  watch_waker();
}

// Nothing of a channel is outstanding any more; the poll of the waker has no memory of ours.
IoUring::~IoUring() {
  io_uring_queue_exit(&ring_);
  ::close(waker_);
}

std::size_t IoUring::capacity() const noexcept { return std::numeric_limits<std::size_t>::max(); }

Error IoUring::open(Channel&) { return {}; }

void IoUring::close(Channel&) noexcept {}

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

Error IoUring::receive(Channel& channel, std::span<std::byte> into) {
  io_uring_sqe& entry = next_entry();
  io_uring_prep_recv(&entry, channel.socket, into.data(), into.size(), 0);
  io_uring_sqe_set_data(&entry, &channel.receive);
  issued(channel.receive, false);
  return {};
}

Error IoUring::send(Channel& channel, std::span<const std::byte> bytes) {
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
  io_uring_sqe& entry = next_entry();
  io_uring_prep_cancel_fd(&entry, channel.socket, IORING_ASYNC_CANCEL_ALL);
  io_uring_sqe_set_data(&entry, nullptr);
}

std::span<const Completion> IoUring::wait(std::int64_t until_ns) {
  batch_.clear();
  submit_and_wait(until_ns);
  unsigned head;
  unsigned count = 0;
  io_uring_cqe* entry;
  io_uring_for_each_cqe(&ring_, head, entry) {
    take(*entry);
    ++count;
  }
  io_uring_cq_advance(&ring_, count);
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
  auto* operation = reinterpret_cast<Operation*>(entry.user_data);
  if (operation == nullptr) return;  // a cancel: what it found says so itself
  const bool sending = operation->kind == OperationKind::send;
  if (sending && goes_on(*operation, entry.res)) return;
  operation->outstanding = false;
  Completion completion{operation->channel, operation->kind, 0, {}};
  if (sending) completion.bytes = operation->system.taken;
  if (entry.res < 0) {
    completion.error = error_of(entry.res);
  } else if (!sending) {
    completion.bytes = static_cast<std::size_t>(entry.res);
  } else if (!operation->system.left.empty()) {
    completion.error = Error::cancelled();
  }
  batch_.push_back(completion);
}

// Books what a send has taken; true when it was a part, and the rest is issued.
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
    // An exchange, so that what was done before a wake that was left out is seen after this.
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
