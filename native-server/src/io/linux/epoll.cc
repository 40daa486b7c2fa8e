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
// What the kernel gives back beside an event: the slot, or this for the waker.
constexpr std::uint64_t kWaker = std::numeric_limits<std::uint64_t>::max();

[[noreturn]] void failed(const char* what) { fatal(what, static_cast<unsigned long>(errno)); }

// Of a connect that has come to an end.
Error result_of_connect(int socket) noexcept {
  int error = 0;
  socklen_t length = sizeof(error);
  if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return Error::last();
  return Error(static_cast<std::uint32_t>(error));
}

}  // namespace

Epoll::Epoll()
    : Readiness(Telling::changes),
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

// From here on no event names the slot: those that epoll_wait has returned are taken within `look`,
// and the socket's others go with it.
void Epoll::unwatch(Channel& channel) noexcept {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, channel.socket, nullptr);
}

// The end of a connect is told as writability.
Error Epoll::connect(Channel& channel, const Address& server) {
  const int result = ::connect(channel.socket, server.get(), server.size());
  if (result != 0 && errno != EINPROGRESS) return Error::last();
  begin_connect(channel);
  return {};
}

void Epoll::look(std::int64_t until_ns) {
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
  // Both ends and the errors make a socket readable and writable for good.
  if (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) return ended(slot);
  if (event.events & EPOLLIN) readable(slot);
  if (event.events & EPOLLOUT) writable(slot);
}

void Epoll::interrupt() noexcept {
  const std::uint64_t one = 1;
  // Cannot be full: one at most is there.
  if (::write(waker_, &one, sizeof(one)) != sizeof(one)) failed("write to an eventfd failed");
}

void Epoll::take_interrupt() noexcept {
  std::uint64_t count = 0;
  if (::read(waker_, &count, sizeof(count)) != sizeof(count)) return;  // a wrong hint
  woken();
}

}  // namespace oversoak::io
