#include "io/sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

namespace oversoak::io {
namespace {

template <typename Value>
void set_option(int socket, int level, int name, const Value& value) noexcept {
  setsockopt(socket, level, name, &value, sizeof(value));
}

}  // namespace

Library::Library() = default;

Library::~Library() = default;

bool make_address(const std::string& host, std::uint16_t port, Address& address) noexcept {
  address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  return inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1;
}

Socket open_tcp_socket() noexcept { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }

void close_socket(Socket socket) noexcept { ::close(socket); }

void disable_nagle(Socket socket) noexcept { set_option(socket, IPPROTO_TCP, TCP_NODELAY, int{1}); }

void set_receive_buffer(Socket socket, int bytes) noexcept {
  set_option(socket, SOL_SOCKET, SO_RCVBUF, bytes);
}

void set_receive_timeout(Socket socket, std::uint32_t timeout_ms) noexcept {
  const timeval timeout{static_cast<time_t>(timeout_ms / 1000),
                        static_cast<suseconds_t>(timeout_ms % 1000 * 1000)};
  set_option(socket, SOL_SOCKET, SO_RCVTIMEO, timeout);
}

Error make_non_blocking(Socket socket) noexcept {
  return fcntl(socket, F_SETFL, O_NONBLOCK) == 0 ? Error() : Error::last();
}

Error connect_to(Socket socket, const Address& address) noexcept {
  const int result =
      ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  return result == 0 ? Error() : Error::last();
}

bool is_connected(Socket socket) noexcept {
  Address peer;
  socklen_t length = sizeof(peer);
  return getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &length) == 0;
}

void end_sending(Socket socket) noexcept { shutdown(socket, SHUT_WR); }

void reset_on_close(Socket socket) noexcept {
  set_option(socket, SOL_SOCKET, SO_LINGER, linger{1, 0});
}

Transfer receive_some(Socket socket, std::span<std::byte> into) noexcept {
  const ssize_t bytes = ::recv(socket, into.data(), into.size(), 0);
  if (bytes < 0) return {0, Error::last()};
  return {static_cast<std::size_t>(bytes), {}};
}

// A peer that is gone is an error, not a signal.
Transfer send_some(Socket socket, std::span<const std::byte> bytes) noexcept {
  const ssize_t taken = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (taken < 0) return {0, Error::last()};
  return {static_cast<std::size_t>(taken), {}};
}

}  // namespace oversoak::io
