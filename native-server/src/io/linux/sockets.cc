#include "io/sockets.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

namespace oversoak::io {
namespace {

// A blocking call with a time-out is not taken up again by the system when something interrupts it
// (signal(7)), as was seen in the self-test of io-uring.
template <typename Call>
ssize_t uninterrupted(Call call) noexcept {
  for (;;) {
    const ssize_t result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

}  // namespace

Library::Library() = default;

Library::~Library() = default;

Socket open_tcp_socket(int family) noexcept {
  const Socket socket = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket != kNoSocket && family == AF_INET6) {
    const int only = 1;
    setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
  }
  return socket;
}

void close_socket(Socket socket) noexcept { ::close(socket); }

void set_receive_timeout(Socket socket, std::uint32_t timeout_ms) noexcept {
  const timeval timeout{static_cast<time_t>(timeout_ms / 1000),
                        static_cast<suseconds_t>(timeout_ms % 1000 * 1000)};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
}

Error make_non_blocking(Socket socket) noexcept {
  return fcntl(socket, F_SETFL, O_NONBLOCK) == 0 ? Error() : Error::last();
}

void end_sending(Socket socket) noexcept { shutdown(socket, SHUT_WR); }

Transfer receive_some(Socket socket, std::span<std::byte> into) noexcept {
  const ssize_t bytes = uninterrupted([&] { return ::recv(socket, into.data(), into.size(), 0); });
  if (bytes < 0) return {0, Error::last()};
  return {static_cast<std::size_t>(bytes), {}};
}

// A peer that is gone is an error, not a signal.
Transfer send_some(Socket socket, std::span<const std::byte> bytes) noexcept {
  const ssize_t taken =
      uninterrupted([&] { return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL); });
  if (taken < 0) return {0, Error::last()};
  return {static_cast<std::size_t>(taken), {}};
}

}  // namespace oversoak::io
