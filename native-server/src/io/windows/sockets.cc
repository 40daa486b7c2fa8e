#include "io/sockets.h"

#include <stdexcept>

namespace oversoak::io {
namespace {

// The error after recv has returned 0; none if the peer has closed its side in order, which keeps
// ours open. Wine removes the error of a reset from the socket when it reports it, so that recv
// returns 0 as well; but then no send succeeds, not even one of 0 bytes.
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

// No child process inherits it. Node starts children with bInheritHandles, and one that has
// inherited a listening socket keeps its port in use.
Socket open_tcp_socket(int family) noexcept {
  // IPV6_V6ONLY is set by default here.
  return WSASocketW(family, SOCK_STREAM, IPPROTO_TCP, nullptr, 0,
                    WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

void close_socket(Socket socket) noexcept { closesocket(socket); }

void set_receive_timeout(Socket socket, std::uint32_t timeout_ms) noexcept {
  const DWORD timeout = timeout_ms;
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, reinterpret_cast<const char*>(&timeout),
             sizeof(timeout));
}

Error make_non_blocking(Socket socket) noexcept {
  u_long non_blocking = 1;
  return ioctlsocket(socket, FIONBIO, &non_blocking) == 0 ? Error() : Error::last();
}

void end_sending(Socket socket) noexcept { shutdown(socket, SD_SEND); }

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
