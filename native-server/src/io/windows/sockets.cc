#include "io/sockets.h"

#include <stdexcept>

namespace oversoak::io {
namespace {

template <typename Value>
void set_option(SOCKET socket, int level, int name, const Value& value) noexcept {
  setsockopt(socket, level, name, reinterpret_cast<const char*>(&value), sizeof(value));
}

// Asked when recv has answered 0: none when the peer has ended its side in order, which leaves ours
// open. Wine takes a reset's error from the socket when it tells of it, and then recv answers 0,
// too; but nothing can be sent any more, not even nothing.
Error error_at_end(SOCKET socket) noexcept {
  if (::send(socket, "", 0, 0) != SOCKET_ERROR) return {};
  const Error error = Error::last();
  return error == Error(WSAECONNRESET) || error == Error(WSAECONNABORTED) ? error : Error();
}

}  // namespace

Library::Library() {
  WSADATA data;
  const int error = WSAStartup(MAKEWORD(2, 2), &data);
  if (error != 0) {
    throw std::runtime_error("WSAStartup failed: " +
                             Error(static_cast<std::uint32_t>(error)).describe());
  }
}

Library::~Library() { WSACleanup(); }

bool make_address(const std::string& host, std::uint16_t port, Address& address) noexcept {
  address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  return inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1;
}

// No child process inherits it. Node starts children with bInheritHandles, and one that has
// inherited a listening socket keeps its port in use.
Socket open_tcp_socket() noexcept {
  return WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0,
                    WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

void close_socket(Socket socket) noexcept { closesocket(socket); }

void disable_nagle(Socket socket) noexcept {
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, BOOL{TRUE});
}

void set_receive_buffer(Socket socket, int bytes) noexcept {
  set_option(socket, SOL_SOCKET, SO_RCVBUF, bytes);
}

void set_receive_timeout(Socket socket, std::uint32_t timeout_ms) noexcept {
  set_option(socket, SOL_SOCKET, SO_RCVTIMEO, DWORD{timeout_ms});
}

Error make_non_blocking(Socket socket) noexcept {
  u_long non_blocking = 1;
  return ioctlsocket(socket, FIONBIO, &non_blocking) == 0 ? Error() : Error::last();
}

Error connect_to(Socket socket, const Address& address) noexcept {
  const int result =
      ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  return result == 0 ? Error() : Error::last();
}

bool is_connected(Socket socket) noexcept {
  Address peer;
  int length = sizeof(peer);
  return getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &length) == 0;
}

void end_sending(Socket socket) noexcept { shutdown(socket, SD_SEND); }

void reset_on_close(Socket socket) noexcept {
  set_option(socket, SOL_SOCKET, SO_LINGER, linger{1, 0});
}

Transfer receive_some(Socket socket, std::span<std::byte> into) noexcept {
  const int bytes =
      ::recv(socket, reinterpret_cast<char*>(into.data()), static_cast<int>(into.size()), 0);
  if (bytes == SOCKET_ERROR) return {0, Error::last()};
  if (bytes == 0) return {0, error_at_end(socket)};
  return {static_cast<std::size_t>(bytes), {}};
}

Transfer send_some(Socket socket, std::span<const std::byte> bytes) noexcept {
  const int taken = ::send(socket, reinterpret_cast<const char*>(bytes.data()),
                           static_cast<int>(bytes.size()), 0);
  if (taken == SOCKET_ERROR) return {0, Error::last()};
  return {static_cast<std::size_t>(taken), {}};
}

LPFN_CONNECTEX load_connect_ex(SOCKET socket) noexcept {
  GUID id = WSAID_CONNECTEX;
  LPFN_CONNECTEX connect_ex = nullptr;
  DWORD bytes = 0;
  WSAIoctl(socket, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof(id), &connect_ex,
           sizeof(connect_ex), &bytes, nullptr, nullptr);
  return connect_ex;
}

}  // namespace oversoak::io
