#include "io/windows/select.h"

#include <algorithm>
#include <initializer_list>
#include <system_error>

#include "fatal.h"
#include "io/sockets.h"
#include "io/windows/timeout.h"
#include "os/clock.h"

namespace oversoak::io {
namespace {

// The longest wait for a socket of which only room for a send is awaited.
constexpr std::int64_t kLongestBlindWait_ns = 100'000'000;

static_assert(FD_SETSIZE == 1024, "the contracts' table says 1,023 sessions to a thread");

void check(bool done, const char* what) {
  if (done) return;
  // Thrown where the notifier's thread is started: the system may be out of ports or sockets.
  throw std::system_error(WSAGetLastError(), std::system_category(), what);
}

void make_waker(WakerPair& pair, SOCKET listener) {
  sockaddr_in address = loopback(0);
  auto* name = reinterpret_cast<sockaddr*>(&address);
  int length = sizeof(address);
  check(listener != INVALID_SOCKET && bind(listener, name, length) == 0 &&
            listen(listener, 1) == 0 && getsockname(listener, name, &length) == 0,
        "no listening socket for a thread's waker");
  pair.there = open_tcp_socket();
  check(pair.there != INVALID_SOCKET && connect(pair.there, name, length) == 0,
        "no connection for a thread's waker");
  pair.here = accept(listener, name, &length);
  sockaddr_in own;
  int own_length = sizeof(own);
  check(pair.here != INVALID_SOCKET &&
            getsockname(pair.there, reinterpret_cast<sockaddr*>(&own), &own_length) == 0,
        "no connection for a thread's waker");
  // Another process of this machine may have connected first.
  if (own.sin_port != address.sin_port) fatal("a stranger connected to a thread's waker");
  for (const SOCKET end : {pair.here, pair.there}) {
    u_long non_blocking = 1;
    check(ioctlsocket(end, FIONBIO, &non_blocking) == 0, "FIONBIO of a thread's waker failed");
    disable_nagle(end);
    reset_on_close(end);  // no TIME_WAIT for it
  }
}

void close_waker(const WakerPair& pair) noexcept {
  if (pair.here != INVALID_SOCKET) closesocket(pair.here);
  if (pair.there != INVALID_SOCKET) closesocket(pair.there);
}

WakerPair open_waker() {
  WakerPair pair;
  const SOCKET listener = open_tcp_socket();
  try {
    make_waker(pair, listener);
  } catch (...) {
    if (listener != INVALID_SOCKET) closesocket(listener);
    close_waker(pair);
    throw;
  }
  closesocket(listener);
  return pair;
}

void add(fd_set& set, SOCKET socket) noexcept { set.fd_array[set.fd_count++] = socket; }

}  // namespace

Select::Select() : waker_(open_waker()) {}

Select::~Select() { close_waker(waker_); }

std::size_t Select::capacity() const noexcept { return kSessionsPerThread; }

Error Select::watch(Channel& channel) {
  if (slot_of_.size() == kSessionsPerThread) fatal("a session too many on a select thread");
  slot_of_[channel.socket] = channel.slot;
  return {};
}

void Select::unwatch(Channel& channel) noexcept { slot_of_.erase(channel.socket); }

void Select::fill_sets() noexcept {
  FD_ZERO(&readers_);
  FD_ZERO(&writers_);
  blind_ = false;
  add(readers_, waker_.here);
  for (const Slot& slot : slots()) {
    if (slot.receiving) add(readers_, slot.channel->socket);
    if (slot.sending) add(writers_, slot.channel->socket);
    if (slot.sending && !slot.receiving) blind_ = true;
  }
}

void Select::poll(std::int64_t until_ns) {
  fill_sets();
  if (blind_) until_ns = std::min(until_ns, os::now_ns() + kLongestBlindWait_ns);
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
    if (socket == waker_.here) {
      take_interrupt();
    } else {
      readable(slot_of_.at(socket));
    }
  }
  for (u_int i = 0; i < writers_.fd_count; ++i) writable(slot_of_.at(writers_.fd_array[i]));
}

// One byte at most is on its way, so there is room for it. Wine refuses a send while that of
// another thread has not returned, whose byte may have been taken already: then this one is sent
// after it.
void Select::interrupt() noexcept {
  const char nothing = 0;
  while (::send(waker_.there, &nothing, sizeof(nothing), 0) == SOCKET_ERROR) {
    const int error = WSAGetLastError();
    if (error != WSAEWOULDBLOCK) {
      fatal("send on a thread's waker failed", static_cast<unsigned long>(error));
    }
    SwitchToThread();
  }
}

void Select::take_interrupt() {
  char nothing;
  if (::recv(waker_.here, &nothing, sizeof(nothing), 0) == SOCKET_ERROR) return;  // a false hint
  woken();
}

}  // namespace oversoak::io
