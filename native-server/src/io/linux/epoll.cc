#include "io/linux/epoll.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <limits>

#include "fatal.h"
#include "io/linux/timeout.h"

namespace oversoak::io {
namespace {

constexpr std::size_t kEventsPerCall = 256;
// The kernel returns the slot with each event, or this value for the waker.
constexpr std::uint64_t kWaker = std::numeric_limits<std::uint64_t>::max();

[[noreturn]] void failed(const char* what) { fatal(what, static_cast<unsigned long>(errno)); }

// The result of a connect that has completed.
Error result_of_connect(int socket) noexcept {
  int error = 0;
  socklen_t length = sizeof(error);
  if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return Error::last();
  return Error(static_cast<std::uint32_t>(error));
}

}  // namespace

Epoll::Epoll()
    : Readiness(Trigger::edge),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      waker_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (epoll_ < 0) failed("epoll_create1 failed");
  if (waker_ < 0) failed("no eventfd to wake a thread by");
  epoll_event event{EPOLLIN | EPOLLET, {.u64 = kWaker}};
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, waker_, &event) != 0)
    failed("epoll_ctl of an eventfd failed");
}

Epoll::~Epoll() {
  ::close(waker_);
  ::close(epoll_);
}

std::size_t Epoll::capacity() const noexcept { return std::numeric_limits<std::size_t>::max(); }

Error Epoll::watch(Channel& channel) {
  epoll_event event{EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {.u64 = channel.slot}};
  const int result = epoll_ctl(epoll_, EPOLL_CTL_ADD, channel.socket, &event);
  return result == 0 ? Error() : Error::last();
}

// Afterwards no event refers to the slot: `poll` has handled every event that epoll_pwait2
// returned, and deregistering discards those that are pending.
void Epoll::unwatch(Channel& channel) noexcept {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, channel.socket, nullptr);
}

// epoll reports the end of a connect as writability.
Error Epoll::connect(Channel& channel, const Address& server) {
  const int result = ::connect(channel.socket, server.get(), server.size());
  if (result != 0 && errno != EINPROGRESS) return Error::last();
  begin_connect(channel);
  return {};
}

void Epoll::poll(std::int64_t until_ns) {
  std::array<epoll_event, kEventsPerCall> events;
  const auto left = time_left_until(until_ns);
  const int count = epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()),
                                 left ? &*left : nullptr, nullptr);
  if (count < 0 && errno != EINTR) failed("epoll_pwait2 failed");
  for (int i = 0; i < count; ++i) take(events[static_cast<std::size_t>(i)]);
}

void Epoll::take(const epoll_event& event) {
  if (event.data.u64 == kWaker) return take_interrupt();
  const auto slot = static_cast<std::size_t>(event.data.u64);
  if (is_connecting(slot)) {
    end_connect(slot, result_of_connect(slots()[slot].channel->socket));
  }
  // After the peer's end, a hang-up or an error the socket stays readable and writable.
  if (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) return ended(slot);
  if (event.events & EPOLLIN) readable(slot);
  if (event.events & EPOLLOUT) writable(slot);
}

void Epoll::interrupt() noexcept {
  const std::uint64_t one = 1;
  // Cannot fail for want of room: the counter is at most 1.
  if (::write(waker_, &one, sizeof(one)) != sizeof(one)) failed("write to an eventfd failed");
}

void Epoll::take_interrupt() noexcept {
  std::uint64_t count = 0;
  if (::read(waker_, &count, sizeof(count)) != sizeof(count)) return;  // a false hint
  woken();
}

}  // namespace oversoak::io
