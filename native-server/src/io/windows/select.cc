#include "io/windows/select.h"

#include <thread>

#include "fatal.h"
#include "io/sockets.h"
#include "io/windows/timeout.h"

namespace oversoak::io {
namespace {

static_assert(FD_SETSIZE == 1024, "the contracts' table says 1,023 sessions to a thread");

SOCKET open_waker() {
  const auto check = [](int result, const char* what) {
    if (result == SOCKET_ERROR) fatal(what, static_cast<unsigned long>(WSAGetLastError()));
  };
  const SOCKET waker = ::socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  if (waker == INVALID_SOCKET) {
    fatal("no socket to wake a thread by", static_cast<unsigned long>(WSAGetLastError()));
  }
  sockaddr_in address;
  make_address("127.0.0.1", 0, address);
  auto* self = reinterpret_cast<sockaddr*>(&address);
  int length = sizeof(address);
  check(bind(waker, self, length), "bind of a wake-up socket failed");
  check(getsockname(waker, self, &length), "getsockname of a wake-up socket failed");
  // Connected, it takes datagrams of nobody else.
  check(connect(waker, self, length), "connect of a wake-up socket failed");
  u_long non_blocking = 1;
  check(ioctlsocket(waker, FIONBIO, &non_blocking), "FIONBIO of a wake-up socket failed");
  return waker;
}

void add(fd_set& set, SOCKET socket) noexcept { set.fd_array[set.fd_count++] = socket; }

}  // namespace

Select::Select() : waker_(open_waker()) {}

Select::~Select() { closesocket(waker_); }

std::size_t Select::capacity() const noexcept { return kSessionsPerThread; }

Error Select::watch(Channel& channel) {
  if (slot_of_.size() == kSessionsPerThread) fatal("a session too many on a select thread");
  slot_of_[channel.socket] = channel.slot;
  return {};
}

void Select::unwatch(Channel& channel) noexcept { slot_of_.erase(channel.socket); }

void Select::ask() noexcept {
  FD_ZERO(&readers_);
  FD_ZERO(&writers_);
  add(readers_, waker_);
  for (const Slot& slot : slots()) {
    if (slot.receiving) add(readers_, slot.channel->socket);
    if (slot.sending) add(writers_, slot.channel->socket);
  }
}

void Select::look(std::int64_t until_ns) {
  ask();
  const DWORD timeout_ms = milliseconds_until(until_ns);
  timeval timeout{static_cast<long>(timeout_ms / 1000),
                  static_cast<long>(timeout_ms % 1000 * 1000)};
  // The first argument is not used on Windows. An empty set is left out: it is allowed, but only
  // beside one that is not, and costs a copy.
  const int ready = ::select(0, &readers_, writers_.fd_count == 0 ? nullptr : &writers_, nullptr,
                             timeout_ms == INFINITE ? nullptr : &timeout);
  if (ready == SOCKET_ERROR) {
    fatal("select failed", static_cast<unsigned long>(WSAGetLastError()));
  }
  if (ready == 0) return;  // then the sets are not to be relied on
  for (u_int i = 0; i < readers_.fd_count; ++i) {
    const SOCKET socket = readers_.fd_array[i];
    if (socket == waker_) {
      take_interrupt();
    } else {
      readable(slot_of_.at(socket));
    }
  }
  for (u_int i = 0; i < writers_.fd_count; ++i) writable(slot_of_.at(writers_.fd_array[i]));
}

// One datagram at most is there, so there is room for it. But the thread may be awake by the wake
// before, which another thread sent, and that send not have returned; then Wine says that this one
// would block (its wineserver refuses a send while another is queued on a non-blocking socket).
void Select::interrupt() noexcept {
  const char nothing = 0;
  while (::send(waker_, &nothing, sizeof(nothing), 0) == SOCKET_ERROR) {
    const auto error = static_cast<DWORD>(WSAGetLastError());
    if (error != WSAEWOULDBLOCK) fatal("send on a wake-up socket failed", error);
    std::this_thread::yield();
  }
}

void Select::take_interrupt() {
  char nothing;
  if (::recv(waker_, &nothing, sizeof(nothing), 0) == SOCKET_ERROR) return;  // a wrong hint
  woken();
}

}  // namespace oversoak::io
