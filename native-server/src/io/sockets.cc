#include "io/sockets.h"

// The calls that sockets of Linux and Winsock have in common.
namespace oversoak::io {
namespace {

// Winsock takes the value as const char*.
template <typename Value>
void set_option(Socket socket, int level, int name, const Value& value) noexcept {
  setsockopt(socket, level, name, reinterpret_cast<const char*>(&value), sizeof(value));
}

}  // namespace

void disable_nagle(Socket socket) noexcept { set_option(socket, IPPROTO_TCP, TCP_NODELAY, int{1}); }

void set_receive_buffer(Socket socket, int bytes) noexcept {
  set_option(socket, SOL_SOCKET, SO_RCVBUF, bytes);
}

Error connect_to(Socket socket, const Address& address) noexcept {
  const int result = ::connect(socket, address.get(), address.size());
  return result == 0 ? Error() : Error::last();
}

bool is_connected(Socket socket) noexcept {
  Address peer;
  socklen_t length = Address::kCapacity;
  return getpeername(socket, peer.fill(), &length) == 0;
}

std::uint16_t local_port(Socket socket) noexcept {
  Address own;
  socklen_t length = Address::kCapacity;
  if (getsockname(socket, own.fill(), &length) != 0) return 0;
  return own.port();
}

void reset_on_close(Socket socket) noexcept {
  set_option(socket, SOL_SOCKET, SO_LINGER, linger{1, 0});
}

}  // namespace oversoak::io
